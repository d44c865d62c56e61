import { type FileHandle, open, realpath } from 'node:fs/promises'
import { describeError, errorCode } from '../base/errors.ts'
import { isInside } from '../base/is-inside.ts'
import { openFlags } from '../base/open-flags.ts'

/** The most of one file that a model gets, in bytes. */
const maxFileBytes = 100_000

export interface ReadText {
  type: 'text'
  real: string
  text: string
  size: number
  cut: boolean
}

/** A file's text, or why there is none. */
export type ReadFile = ReadText | { type: 'absent' } | { type: 'left'; why: string }

/** Reads files, and those that did not change only once. */
export function createFileReader(): (path: string, inside?: string) => Promise<ReadFile> {
  const known = new Map<string, { stamp: string; read: ReadFile }>()

  /** `inside`: a directory that links must not lead out of. */
  return async (path, inside) => {
    let file: FileHandle | undefined
    try {
      const real = await realpath(path)
      if (inside !== undefined && !isInside(await realpath(inside), real))
        return { type: 'left', why: 'a link that leads elsewhere' }
      file = await open(real, openFlags.readNoLink)
      const stats = await file.stat()
      if (!stats.isFile())
        return { type: 'left', why: stats.isDirectory() ? 'a directory' : 'a device or the like' }
      const stamp = [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, stats.dev].join()
      const before = known.get(real)
      if (before?.stamp === stamp) return before.read
      const read = await readText(file, real, stats.size)
      known.set(real, { stamp, read })
      return read
    } catch (error) {
      if (/^(ENOENT|ENOTDIR)$/.test(errorCode(error) ?? '')) return { type: 'absent' }
      if (errorCode(error) === undefined) throw error
      return { type: 'left', why: whyNot(error) }
    } finally {
      await file?.close()
    }
  }
}

async function readText(file: FileHandle, real: string, size: number): Promise<ReadFile> {
  const buffer = Buffer.alloc(Math.min(Math.max(size, 4096), maxFileBytes))
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  const bytes = buffer.subarray(0, bytesRead)
  if (bytes.includes(0)) return { type: 'left', why: 'not text' }
  const cut = size > bytesRead
  // As a stream, a letter that the limit cuts in two is left out.
  const text = new TextDecoder().decode(bytes, { stream: cut })
  return text.trim() === '' ? { type: 'left', why: 'empty' } : { type: 'text', real, text, size, cut }
}

function whyNot(error: unknown): string {
  const code = errorCode(error)
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read'
  if (code === 'ELOOP') return 'a link that leads nowhere'
  if (code === 'ENXIO') return 'a device or the like'
  return describeError(error)
}
