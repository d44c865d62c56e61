import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Replaces a file in one step: a reader sees the old text or the new one, never a part. The file is 0600 (or `mode`)
 * whatever the umask, and a link in its place is replaced, not followed. It is on the disk when the system likes.
 * The directory must exist; while it runs, a name `.<file>.<random>.tmp` stands beside the file.
 * @throws the system's error, after removing the temporary name; the old file is whole then.
 */
export async function writePrivateFile(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`)
  try {
    await writeNew(temporary, text, mode)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch((second: unknown) => {
      throw new AggregateError([error, second], `${path} was not written, and ${temporary} is left behind`)
    })
    throw error
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode)
  try {
    await handle.chmod(mode)
    await handle.writeFile(text)
  } finally {
    await handle.close()
  }
}
