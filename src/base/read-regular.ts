import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { errorCode } from './errors.ts'
import { openFlags } from './open-flags.ts'

export interface RegularFile {
  text: string
  /** When it was written, in ms since the epoch. */
  mtimeMs: number
}

/**
 * The text of a file that anybody may have put there. undefined for all that is no file of at most `maxBytes`: a FIFO or a
 * terminal, which would hold the program, a directory, nothing, what may not be read, and, unless `links`, a link.
 */
export function readRegular(path: string, maxBytes: number, links = false): RegularFile | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, links ? openFlags.read : openFlags.readNoLink)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
  try {
    const facts = fstatSync(descriptor)
    if (!facts.isFile() || facts.size > maxBytes) return undefined
    return { text: readFileSync(descriptor, 'utf8'), mtimeMs: facts.mtimeMs }
  } finally {
    closeSync(descriptor)
  }
}
