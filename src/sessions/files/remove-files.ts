import { lstat, readdir, realpath, rmdir, unlink } from 'node:fs/promises'
import { describeError, errorCode, UserError } from '../../base/errors.ts'
import type { Session } from '../../domain/session.ts'
import { type Directory, descend, openDirectory } from './safe-directory.ts'
import { namesOf, sessionDirectory } from './session-files.ts'

/**
 * Deletes a session's own directory and nothing else: no level of the way to it, from the root on, may be a link, and
 * links in it are deleted themselves. Returns whether there was one.
 * @throws UserError when it is left where it is
 */
export async function removeSessionFiles(session: Pick<Session, 'id' | 'cwd'>): Promise<boolean> {
  const open: Directory[] = []
  try {
    const root = await openDirectory(session.cwd)
    open.push(root)
    if (root.path !== session.cwd || (await realpath(root.at('.'))) !== session.cwd)
      throw new UserError(`${session.cwd} is reached through a link`)
    const names = namesOf(session.id)
    const own = names.pop() ?? ''
    const parent = await descend(root, names)
    if (!parent) return false
    open.push(parent)
    const directory = await descend(parent, [own])
    if (!directory) return false
    open.push(directory)
    await empty(directory)
    await rmdir(parent.at(own))
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false
    const why = error instanceof UserError ? error.message : describeError(error)
    throw new UserError(`${sessionDirectory(session)} is left: ${why}`, { cause: error })
  } finally {
    for (const directory of open) await directory.close()
  }
}

async function empty(directory: Directory): Promise<void> {
  for (const name of await readdir(directory.at(''))) {
    if (!(await lstat(directory.at(name))).isDirectory()) {
      await unlink(directory.at(name))
      continue
    }
    const inner = await descend(directory, [name])
    if (!inner) continue
    try {
      await empty(inner)
    } finally {
      await inner.close()
    }
    await rmdir(directory.at(name))
  }
}
