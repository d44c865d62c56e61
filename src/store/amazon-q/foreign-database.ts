import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'
import { type Db, isBusy, openCopy, openReadOnly, sqliteCode } from '../sqlite/sqlite.ts'
import { foreignError, notAmazonQ, unreadable } from './foreign-errors.ts'

/** How to wait, and for how long, while the other program holds a lock. */
export interface LockWait {
  sleep(ms: number): Promise<void>
  ms: number
}

/**
 * Opens a database that belongs to another program, perhaps at work, and neither changes it nor leaves a file beside it.
 * Where SQLite could not read it without writing (WAL mode, a journal left by a crash), a copy is read, made in
 * `scratch` and unlinked before this returns.
 * @throws UserError when there is no such file, or it is no database, damaged or locked
 */
export async function openForeign(path: string, scratch: string, lockWait: LockWait): Promise<Db> {
  const file = realFile(path)
  try {
    if (readHeader(file) === 'wal') return await openCopied(file, scratch, lockWait)
    return await whileLocked(lockWait, () => openReadOnly(file))
  } catch (error) {
    if (!needsWriting(error)) throw foreignError(error, file)
  }
  return openCopied(file, scratch, lockWait).catch((error: unknown) => {
    throw foreignError(error, file)
  })
}

/** Repeats `attempt` while somebody holds the lock, until lockWait ends; then the last error is thrown. */
export async function whileLocked<T>(lockWait: LockWait, attempt: () => T): Promise<T> {
  for (let waited = 0; ; waited += 100) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || waited >= lockWait.ms) throw error
    }
    await lockWait.sleep(60)
  }
}

/** SQLite opens nothing but regular files: a FIFO or a device could hold it for ever. */
function realFile(path: string): string {
  try {
    const file = realpathSync(path)
    if (statSync(file).isFile()) return file
  } catch (error) {
    throw unreadable(path, error)
  }
  throw notAmazonQ(path, 'not a regular file')
}

function readHeader(file: string): 'wal' | 'journal' {
  const header = Buffer.alloc(20)
  let length = 0
  try {
    const descriptor = openSync(file, openFlags.read)
    try {
      if (fstatSync(descriptor).isFile()) length = readSync(descriptor, header, 0, header.length, 0)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw unreadable(file, error)
  }
  if (length === 0) throw notAmazonQ(file, 'it is empty')
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notAmazonQ(file, 'not SQLite')
  return header[18] === 2 || header[19] === 2 ? 'wal' : 'journal'
}

/** A journal must be rolled back before anything can be read. */
function needsWriting(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN)/.test(sqliteCode(error) ?? '')
}

const parts = ['', '-journal', '-wal']

async function openCopied(file: string, scratch: string, lockWait: LockWait): Promise<Db> {
  const directory = mkdtempSync(join(scratch, 'import-'))
  try {
    const copy = join(directory, 'copy.sqlite3')
    for (let waited = 0; ; waited += 200) {
      const before = stamp(file)
      const whole = copyParts(file, copy)
      if (whole && stamp(file) === before) return openCopy(copy)
      if (waited >= lockWait.ms) throw unreadable(file, 'another program keeps changing it')
      await lockWait.sleep(200)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** False when a part that was there vanished meanwhile. */
function copyParts(file: string, copy: string): boolean {
  for (const part of parts) {
    rmSync(copy + part, { force: true })
    try {
      if (statSync(file + part, { throwIfNoEntry: false })?.isFile())
        copyFileSync(file + part, copy + part, constants.COPYFILE_FICLONE)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false
      throw unreadable(file + part, error)
    }
  }
  return true
}

/** What changes whenever somebody writes. */
function stamp(file: string): string {
  return parts
    .map((part) => {
      const facts = statSync(file + part, { bigint: true, throwIfNoEntry: false })
      return facts ? `${facts.ino} ${facts.size} ${facts.mtimeNs}` : ''
    })
    .join()
}
