import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { describeError, errorCode, exitCode, UserError } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'

/** A config file's text without its byte order mark, and the mark and permission bits to put back when it is written. */
export interface ConfigText {
  text: string
  mark: '' | '\ufeff'
  mode: number
}

/**
 * Reads a config file; undefined if there is none.
 * @throws UserError (exit 2) if it cannot be read, is no ordinary file, is larger than 1 MiB or is not UTF-8.
 */
export async function readConfigText(file: string): Promise<ConfigText | undefined> {
  const content = readIfThere(file)
  if (content === undefined) return undefined
  const decoded = decode(file, content.bytes)
  const mark = decoded.startsWith('\ufeff') ? '\ufeff' : ''
  return { text: decoded.slice(mark.length), mark, mode: content.mode }
}

const maxBytes = 2 ** 20

/** Synchronous: a window's prompt waits for it, and a thread for each step takes longer than the step. */
function readIfThere(file: string): { bytes: Uint8Array; mode: number } | undefined {
  try {
    return readBytes(file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (error instanceof UserError) throw error
    throw refuse(
      file,
      `cannot be read: ${describeError(error)}`,
      'Mend its permissions, or move it away.',
      error,
    )
  }
}

function readBytes(file: string): { bytes: Uint8Array; mode: number } {
  const descriptor = openSync(file, openFlags.read)
  try {
    const facts = fstatSync(descriptor)
    if (!facts.isFile())
      throw refuse(file, 'is not a regular file', 'Move it away: the defaults need no file.')
    if (facts.size > maxBytes)
      throw refuse(file, 'is larger than 1 MiB', 'It holds something else than settings.')
    return { bytes: readFileSync(descriptor), mode: facts.mode & 0o777 }
  } finally {
    closeSync(descriptor)
  }
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw refuse(file, 'is not UTF-8 text', 'Save it as UTF-8.', cause)
  }
}

function refuse(file: string, what: string, hint: string, cause?: unknown): UserError {
  return new UserError(`${file} ${what}`, { hint, exit: exitCode.usage, cause })
}
