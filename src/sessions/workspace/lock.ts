import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../base/errors.ts'
import { setAside } from '../../config/paths/own-file.ts'
import { NotAFile, sqliteCode, tryLock } from '../../store/sqlite/sqlite.ts'

/** Runs `work` while no other process of this workspace runs work under a lock of that name. */
export function withLock<T>(
  { name: workspace, paths }: { name: string; paths: { runtimeDir: string } },
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  return whileLocked(join(paths.runtimeDir, `${name}.lock`), `the workspace ${workspace}`, work)
}

/**
 * Runs `work` while no other process has that file locked.
 * @throws UserError when another one has it for a long time; `what` says with what it is busy
 */
export async function whileLocked<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const lock = ownLock(file)
    if (lock) {
      try {
        return await work()
      } finally {
        lock.release()
      }
    }
    await sleep(20 + Math.random() * 30)
  }
  throw new UserError(`another q mux is busy with ${what} for a long time`, {
    hint: 'see what it does: ps aux | grep "q.js mux"',
  })
}

/** A lock file of ours. What stands in its place and is none is set aside. */
export function ownLock(file: string): ReturnType<typeof tryLock> {
  try {
    return tryLock(file)
  } catch (error) {
    if (!(error instanceof NotAFile) && !noLock.has(sqliteCode(error) ?? '')) throw error
    setAside(file, 'it is not what q mux wrote there', 'nothing is lost')
    return tryLock(file)
  }
}

const noLock = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_CANTOPEN'])
