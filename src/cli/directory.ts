import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCode, UserError } from '../domain/errors.ts'

/** The directory that a person named, absolute; the present one when they named none. @throws UserError */
export function directory(path: string | undefined): string {
  const absolute = resolve(path ?? '.')
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) return absolute
  throw new UserError(`${absolute} is not a directory`, { exit: exitCode.usage })
}
