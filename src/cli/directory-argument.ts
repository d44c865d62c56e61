import { realpathSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { errorCode, exitCode, UserError } from '../base/errors.ts'
import { presentDirectory, reason } from '../sessions/files/working-directory.ts'

/**
 * The directory that a person named, without links as the present one is (macOS: /tmp is one); that when they named none.
 * @throws UserError
 */
export function directory(path: string | undefined): string {
  const absolute =
    path !== undefined && isAbsolute(path) ? resolve(path) : resolve(presentDirectory(), path ?? '.')
  try {
    if (reason(absolute) === undefined) return realpathSync(absolute)
  } catch (error) {
    if (errorCode(error) === 'EACCES')
      throw new UserError(`${absolute} cannot be entered: permission denied`, {
        exit: exitCode.usage,
        cause: error,
      })
  }
  throw new UserError(`${absolute} is not a directory`, { exit: exitCode.usage })
}
