import { basename } from 'node:path'
import { type GivenNames, numberedName, uniqueName } from '../domain/session-name.ts'

/** Names an imported conversation; the result is free and a session's name (`isName`). */
export type NameFor = (userMessages: readonly string[], given: GivenNames, directory: string) => string

/** After the directory in which the talk was held: `my-app`, `my-app-2`; `dev-1` where that leaves no letter. */
export function nameFromDirectory(maxLength: number): NameFor {
  return (_userMessages, given, directory) => {
    const name = basename(directory)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/^-/, '')
      .slice(0, maxLength)
      .replace(/-$/, '')
    return name === '' ? numberedName('Development', given) : uniqueName(name, maxLength, given.taken)
  }
}
