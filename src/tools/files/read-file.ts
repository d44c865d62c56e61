import type { FileHandle } from 'node:fs/promises'
import { openFlags } from '../../base/open-flags.ts'
import { Refusal } from '../refusal.ts'
import { idOf, type Target } from './locate.ts'
import type { Operations } from './operations.ts'

export interface FileContent {
  bytes: Buffer
  /** Of the whole file, in bytes; more than `bytes` when the cap cut it. */
  size: number
  /** How many names it has: more than one where there are hard links. */
  links: number
}

/** At most this much of a file is read, in bytes. */
export const fileCap = 10_000_000

/**
 * The first `cap` bytes of the very file that was located: a link, a device or another file put in its place meanwhile
 * is refused, and nothing that could block is waited for. @throws Refusal, and what the file system throws
 */
export async function readFileAt(
  { fs }: Operations,
  target: Pick<Target, 'asked' | 'real' | 'id'>,
  cap: number = fileCap,
): Promise<FileContent> {
  const file = await fs.open(target.real, openFlags.readNoLink)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Refusal(`${target.asked} is not a regular file`)
    if (idOf(stats) !== target.id) {
      throw new Refusal(`${target.asked} was replaced since it was shown: nothing was done. Ask again.`)
    }
    // Files under /proc say 0 and have content all the same.
    const bytes = await readStart(file, Math.min(cap, Math.max(stats.size, 65_536)))
    return { bytes, size: Math.max(stats.size, bytes.length), links: stats.nlink }
  } finally {
    await file.close()
  }
}

/** The first `length` bytes of a file, or as many as there are. */
export async function readStart(file: FileHandle, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let used = 0
  while (used < length) {
    const { bytesRead } = await file.read(buffer, used, length - used, used)
    if (bytesRead === 0) break
    used += bytesRead
  }
  return buffer.subarray(0, used)
}

/** NUL bytes near the beginning, or UTF-16: no text that could be read as UTF-8. */
export function isBinary(bytes: Buffer): boolean {
  return isWide(bytes) || bytes.subarray(0, 8192).includes(0)
}

/** What a file that is no UTF-8 text seems to be. */
export function encodingOf(bytes: Buffer): string {
  if (isWide(bytes)) return 'text in UTF-16'
  return isBinary(bytes) ? 'a binary file' : 'text in an older encoding such as Latin-1'
}

/** By its byte order mark. */
function isWide([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
