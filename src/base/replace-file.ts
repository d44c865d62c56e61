import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode } from './errors.ts'

/**
 * Replaces a file in one step: a reader sees the old text or the new one, never a part. The file is 0600 (or `mode`)
 * whatever the umask, and a link in its place is replaced, not followed. It is on the disk when the system likes.
 * The directory must exist; while it runs, a name `.<file>.<random>.tmp` stands beside the file, and stays where the
 * process is killed. Synchronous: a thread for each step takes longer than the step.
 * @throws the system's error, after removing the temporary name; the old file is whole then.
 */
export function replaceFile(path: string, text: string, mode = 0o600): void {
  const temporary = writeBeside(path, text, mode)
  orRemove(temporary, () => renameSync(temporary, path))
}

/** The first half of it: a new file beside `path`, which the caller gives its name or removes. Returns where it is. */
export function writeBeside(path: string, text: string, mode = 0o600): string {
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`)
  const handle = openSync(temporary, 'wx', mode)
  orRemove(temporary, () => {
    try {
      fchmodSync(handle, mode)
      writeFileSync(handle, text)
    } finally {
      closeSync(handle)
    }
  })
  return temporary
}

/** Where the file cannot be removed either, both errors are thrown as one that has the code of the first. */
function orRemove(temporary: string, step: () => void): void {
  try {
    step()
  } catch (error) {
    try {
      rmSync(temporary, { force: true })
    } catch (second) {
      const both = new AggregateError(
        [error, second],
        `nothing was replaced, and ${temporary} is left behind`,
      )
      throw Object.assign(both, { code: errorCode(error) })
    }
    throw error
  }
}
