import { statSync } from 'node:fs'
import { exitCode, UserError } from '../domain/errors.ts'
import { fromHere } from '../root/present-directory.ts'

/** The directory that a person named, absolute; the present one when they named none. @throws UserError */
export function directory(path: string | undefined): string {
  const absolute = fromHere(path)
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) return absolute
  throw new UserError(`${absolute} is not a directory`, { exit: exitCode.usage })
}
