import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { errorCode } from '../domain/errors.ts'
import type { Operations } from './operations.ts'
import { Refusal } from './shape.ts'

/**
 * The file's whole new content, there all at once or not at all. `mode`: the old file's, kept; undefined for a file that
 * must not exist yet (its directories are made). @throws Refusal when one exists by now, and what the file system throws
 */
export async function replaceFile(
  { fs }: Operations,
  path: string,
  content: string,
  mode: number | undefined,
): Promise<void> {
  if (mode === undefined) await fs.mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.q-${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = await fs.open(temporary, 'wx', mode === undefined ? 0o666 : 0o600)
    try {
      await file.writeFile(content)
      if (mode !== undefined) await file.chmod(mode)
      await file.sync()
    } finally {
      await file.close()
    }
    if (mode !== undefined) await fs.rename(temporary, path)
    else await placeNew(fs, temporary, path)
  } catch (error) {
    await fs.unlink(temporary).catch((gone: unknown) => {
      if (errorCode(gone) !== 'ENOENT') throw gone
    })
    throw error
  }
}

/** Unlike rename, link never takes the place of a file that somebody else made meanwhile. */
async function placeNew(fs: Operations['fs'], temporary: string, path: string): Promise<void> {
  try {
    await fs.link(temporary, path)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new Refusal(`${path} exists by now: nothing was written`)
    throw error
  }
  await fs.unlink(temporary)
}
