import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import { Refusal } from '../refusal.ts'
import type { Operations } from './operations.ts'

/**
 * A new file with its whole content, there all at once or not at all; its directories are made.
 * @throws Refusal when one exists by now, and what the file system throws
 */
export async function createFile({ fs }: Operations, path: string, content: Buffer): Promise<void> {
  await fs.mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.q-${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeNew(fs, temporary, content)
    await place(fs, temporary, path, content)
  } finally {
    await fs.unlink(temporary).catch(ignoreMissing)
  }
}

async function writeNew(fs: Operations['fs'], path: string, content: Buffer): Promise<void> {
  const file = await fs.open(path, 'wx', 0o666)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Unlike rename, link never takes the place of a file that somebody else made meanwhile. */
async function place(fs: Operations['fs'], temporary: string, path: string, content: Buffer): Promise<void> {
  try {
    await fs.link(temporary, path)
  } catch (error) {
    if (!knowsNoLinks.test(errorCode(error) ?? '')) throw existing(error, path)
    await writeNew(fs, path, content).catch((second: unknown) => {
      throw existing(second, path)
    })
  }
}

/** Of a file system such as FAT. */
const knowsNoLinks = /^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/

function existing(error: unknown, path: string): unknown {
  return errorCode(error) === 'EEXIST' ? new Refusal(`${path} exists by now: nothing was written`) : error
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error
}
