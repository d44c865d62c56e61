import { constants } from 'node:fs'
import { copyFile, link, lstat, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describeError, errorCode, UserError } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'
import { replaceFile, writeBeside } from '../../base/replace-file.ts'

/** The most that `/load` reads, in bytes. */
const maxBytes = 64 * 2 ** 20

/**
 * Writes a file in one step, 0600. Returns false, and leaves what is there, when the name is taken and `overwrite` is
 * not given.
 * @throws UserError when it cannot be written
 */
export async function saveFile(path: string, text: string, overwrite: boolean): Promise<boolean> {
  const existing = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw cannot('written', path, error)
  })
  if (existing?.isDirectory())
    throw new UserError(`${path} is a directory`, { hint: 'name a file in it: /save FILE' })
  if (existing && !overwrite) return false
  try {
    if (overwrite) replaceFile(path, text)
    else await placeNew(path, text)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw cannot('written', path, error)
  }
}

/** @throws UserError when it is not there, is no ordinary file or is too large */
export async function readTextFile(path: string): Promise<string> {
  try {
    const file = await open(path, openFlags.read)
    try {
      const facts = await file.stat()
      if (!facts.isFile()) throw new UserError(`${path} is not a file`)
      if (facts.size > maxBytes)
        throw new UserError(`${path} has ${facts.size} bytes; the most that /load reads is ${maxBytes}`)
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.readFile())
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UserError(`${path} is not UTF-8 text`, { cause: error })
    throw cannot('read', path, error)
  }
}

/**
 * Unlike a rename, a link takes no other file's place. Where a file system has no hard links, the name is taken by a
 * copy, which is not one step.
 */
async function placeNew(path: string, text: string): Promise<void> {
  const temporary = writeBeside(path, text)
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (errorCode(error) === 'EEXIST') throw error
      await copyFile(temporary, path, constants.COPYFILE_EXCL)
    })
  } finally {
    await rm(temporary, { force: true })
  }
}

function cannot(what: string, path: string, error: unknown): UserError {
  if (errorCode(error) === 'ENOENT' && what === 'written')
    return new UserError(`there is no directory ${dirname(path)}`, {
      hint: 'make it first: mkdir -p',
      cause: error,
    })
  return new UserError(`${path} cannot be ${what}: ${describeError(error)}`, { cause: error })
}
