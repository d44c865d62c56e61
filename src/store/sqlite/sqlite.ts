import { accessSync, chmodSync, closeSync, constants, openSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { errorCode } from '../../base/errors.ts'
import { sqliteAddon } from './addon.ts'

/** The only file that opens SQLite. */
export type Db = Database.Database

/** How long one attempt blocks the process for a lock, in ms: short, because a keystroke must not wait for it. */
const busyTimeout = 40

/**
 * Opens a database file, made 0600 whatever the umask. WAL, and FULL: what was acknowledged survives a power cut too
 * (0.2 ms a transaction). Throws SQLITE_BUSY while another process has the whole file to itself.
 */
export function openDatabase(file: string): Db {
  makePrivate(file)
  const db = open(file, { timeout: busyTimeout })
  try {
    db.pragma('foreign_keys = ON')
    db.pragma('synchronous = FULL')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function open(file: string, options: Database.Options): Db {
  return new Database(file, { ...options, nativeBinding: sqliteAddon() })
}

/**
 * A file that exists is not opened here: closing it again would take away every lock that this process holds on it
 * (SQLite, "How To Corrupt An SQLite Database File", 2.2).
 */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  const facts = statSync(file)
  if (!facts.isFile()) throw new NotAFile(file)
  if (facts.size === 0 && logSize(file) > 0) throw new Emptied(file)
  accessSync(file, constants.R_OK | constants.W_OK)
  if ((facts.mode & 0o777) !== 0o600) chmodSync(file, 0o600)
}

/** A directory, a FIFO or a device stands where the database should be. */
export class NotAFile extends Error {
  override readonly name = 'NotAFile'

  constructor(file: string) {
    super(`${file} is not a regular file`)
  }
}

/** The database's file was emptied beside its write-ahead log, which SQLite would now delete. */
export class Emptied extends Error {
  override readonly name = 'Emptied'

  constructor(file: string) {
    super(`${file} is empty, but ${file}-wal still holds what was saved last`)
  }
}

function logSize(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Opens somebody else's database for reading. SQLite takes its shared lock and makes no file beside it, except for a
 * database in WAL mode: that one must not be opened so. Nothing its schema says is trusted.
 */
export function openReadOnly(file: string): Db {
  return prepareForeign(open(file, { readonly: true, fileMustExist: true, timeout: busyTimeout }))
}

/**
 * Opens our own copy of somebody else's database, made while it was at work: SQLite finishes or takes back there what
 * its journal holds. Once this returns, the copy's names may be removed: it is read through what is open.
 */
export function openCopy(file: string): Db {
  const db = open(file, { fileMustExist: true, timeout: 0 })
  // Without this, SQLite would make a -shm beside a copy in WAL mode and look for it again later.
  db.pragma('locking_mode = EXCLUSIVE')
  return prepareForeign(db)
}

function prepareForeign(db: Db): Db {
  try {
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('mmap_size = 0')
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Turns WAL on if it is not; throws SQLITE_BUSY while another process does the same. */
export function useWal(db: Db): void {
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL')
}

/**
 * Takes a lock that the kernel gives back when the process ends, however it ends: an exclusive transaction on a file of
 * its own. Returns undefined when another process holds it.
 */
export function tryLock(file: string): { release(): void } | undefined {
  makePrivate(file)
  const db = open(file, { timeout: busyTimeout })
  try {
    db.exec('BEGIN EXCLUSIVE')
    locks.add(db)
    return {
      release: () => {
        locks.delete(db)
        db.close()
      },
    }
  } catch (error) {
    db.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/** What nobody refers to any more is closed by the garbage collector, and a lock would go with it. */
const locks = new Set<Db>()

export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false
}

/** `SQLITE_FULL`, `SQLITE_CORRUPT`, …; undefined for an error that is not SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof Database.SqliteError ? error.code : undefined
}
