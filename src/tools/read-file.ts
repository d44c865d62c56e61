import { constants } from 'node:fs'
import { idOf, type Target } from './locate.ts'
import type { Operations } from './operations.ts'
import { Refusal } from './shape.ts'

export interface FileContent {
  bytes: Buffer
  /** Of the whole file, in bytes; more than `bytes` when the cap cut it. */
  size: number
  /** Permission bits. */
  mode: number
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
  const file = await fs.open(
    target.real,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
  )
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Refusal(`${target.asked} is not a regular file`)
    if (idOf(stats) !== target.id) {
      throw new Refusal(`${target.asked} was replaced since it was shown: nothing was done. Ask again.`)
    }
    // Files under /proc say 0 and have content all the same.
    const buffer = Buffer.alloc(Math.min(cap, Math.max(stats.size, 65_536)))
    let used = 0
    while (used < buffer.length) {
      const { bytesRead } = await file.read(buffer, used, buffer.length - used, used)
      if (bytesRead === 0) break
      used += bytesRead
    }
    return { bytes: buffer.subarray(0, used), size: Math.max(stats.size, used), mode: stats.mode & 0o7777 }
  } finally {
    await file.close()
  }
}

/** NUL bytes near the beginning: no text. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8192).includes(0)
}
