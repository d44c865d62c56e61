import { resolve } from 'node:path'
import { errorCode, UserError } from '../domain/errors.ts'

/** A path as the shell means it that called us, absolute. @throws UserError where that shell's directory was deleted */
export function fromHere(path = '.'): string {
  try {
    return resolve(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    throw new UserError('the directory that this shell is in was deleted', {
      hint: 'go to one that is there: cd ~',
      cause: error,
    })
  }
}
