import { join } from 'node:path'
import { describeError, errorCode } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'
import { reveal } from '../reveal.ts'
import { type Change, readCopy } from './kept-copies.ts'
import { type Operations, realOperations } from './operations.ts'
import { putBack } from './overwrite-file.ts'
import { readStart } from './read-file.ts'

/**
 * Looks through the copies of processes that are gone. A file that was left half written gets back what it held; one that
 * was changed since is left alone and its copy kept, under a name that is not looked at again. Several processes may do
 * this at once: a copy is renamed to its finder's first. Says a line for people for each file.
 */
export async function mendFiles(
  { directory, owner, isGone }: { directory: string; owner: string; isGone: (owner: string) => boolean },
  { fs }: Operations = realOperations,
): Promise<string[]> {
  const names = await fs.readdir(directory).catch(nothingYet)
  const lines: string[] = []
  for (const name of names) {
    const of = name.slice(0, name.lastIndexOf('.'))
    if (of === '' || of === owner || of === kept || !isGone(of)) continue
    const random = name.slice(of.length)
    const mine = join(directory, `${owner}${random}`)
    try {
      await fs.rename(join(directory, name), mine)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue
      throw error
    }
    const change = await readCopy(fs, mine)
    const end = change && (await mend(fs, change))
    if (end?.type === 'left') {
      const left = join(directory, `${kept}${random}`)
      await fs.rename(mine, left)
      lines.push(`${end.why}. What it held before is in ${join(left, 'before')}`)
      continue
    }
    if (end?.type === 'mended') lines.push(end.words)
    await fs.rm(mine, { recursive: true, force: true })
  }
  return lines
}

const kept = 'kept'

type End = { type: 'whole' } | { type: 'mended'; words: string } | { type: 'left'; why: string }

async function mend(fs: Operations['fs'], { path, before, after }: Change): Promise<End> {
  const shown = reveal(path)
  try {
    const file = await fs.open(path, openFlags.writeNoLink)
    try {
      const { size } = await file.stat()
      const now = size <= Math.max(before.length, after.length) ? await readStart(file, size) : undefined
      if (now?.equals(before) || now?.equals(after)) return { type: 'whole' }
      if (!now || !isHalfWritten(now, before, after))
        return { type: 'left', why: `A change of ${shown} was cut off, and it has been changed since` }
      await putBack(file, before)
      return { type: 'mended', words: `A change of ${shown} was cut off: it holds again what it held before` }
    } finally {
      await file.close()
    }
  } catch (error) {
    return { type: 'left', why: `A change of ${shown} was cut off: ${describeError(error)}` }
  }
}

/** Each byte is what it was or what it was to be. */
function isHalfWritten(now: Buffer, before: Buffer, after: Buffer): boolean {
  if (now.length < Math.min(before.length, after.length)) return false
  return now.every((byte, index) => byte === before[index] || byte === after[index])
}

function nothingYet(error: unknown): string[] {
  if (errorCode(error) === 'ENOENT') return []
  throw error
}
