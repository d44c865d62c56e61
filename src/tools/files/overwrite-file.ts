import type { FileHandle } from 'node:fs/promises'
import { describeError } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'
import { Refusal } from '../refusal.ts'
import { type Copies, keepCopy } from './kept-copies.ts'
import { idOf, type Target } from './locate.ts'
import type { Operations } from './operations.ts'
import { readStart } from './read-file.ts'

/**
 * Gives a file other content and leaves it the file it is: its links, owner, mode, access list and attributes, also where
 * its directory may not be written. What it held stands in a copy until the new content is whole, and is put back when
 * that fails. `links`: the most names that it may have. Returns in words what was lost all the same.
 * @throws Refusal when it is not the file that was located or holds something else, and what the file system throws
 */
export async function overwriteFile(
  { fs }: Operations,
  target: Target,
  { before, after, links }: { before: Buffer; after: Buffer; links: number },
  copies: Copies,
): Promise<string> {
  const file = await fs.open(target.real, openFlags.writeNoLink)
  try {
    const stats = await file.stat()
    const same = idOf(stats) === target.id && stats.nlink <= links && stats.size === before.length
    if (!same || !(await readStart(file, stats.size)).equals(before)) throw changedMeanwhile(target)
    const copy = await keepCopy(fs, copies, { path: target.real, before, after })
    try {
      await overlay(file, before.length, after)
      await file.sync()
    } catch (error) {
      await putBack(file, before).catch((second: unknown) => {
        throw new Refusal(
          `${target.asked} was not written (${describeError(error)}), and what it held could not be put back (${describeError(second)}): it is in ${copy.path}. Tell the user.`,
        )
      })
      await copy.drop()
      throw error
    }
    await copy.drop()
    return await keepMode(file, stats.mode)
  } finally {
    await file.close()
  }
}

export function changedMeanwhile({ asked }: Target): Refusal {
  return new Refusal(
    `${asked} was changed since the difference was shown: nothing was written. Read it again.`,
  )
}

/** What a file held before a write that did not end well. */
export async function putBack(file: FileHandle, before: Buffer): Promise<void> {
  const { size } = await file.stat()
  if (size > before.length) await file.truncate(before.length)
  await writeAt(file, before, 0)
  await file.sync()
}

/** What makes the file longer comes first: a disk that is full says so before anything is lost. */
async function overlay(file: FileHandle, length: number, content: Buffer): Promise<void> {
  if (content.length > length) await writeAt(file, content.subarray(length), length)
  await writeAt(file, content.subarray(0, length), 0)
  if (content.length < length) await file.truncate(content.length)
}

async function writeAt(file: FileHandle, content: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < content.length) {
    const { bytesWritten } = await file.write(content, done, content.length - done, position + done)
    done += bytesWritten
  }
}

/** A kernel takes setuid and setgid off a file that somebody else than root writes; only its owner can set them again. */
async function keepMode(file: FileHandle, mode: number): Promise<string> {
  if ((await file.stat()).mode === mode) return ''
  await file.chmod(mode & 0o7777).catch(() => {})
  return (await file.stat()).mode === mode ? '' : ' It lost its set-user-ID or set-group-ID bit.'
}
