import { migrate, refuseNewer } from './sqlite/migrate.ts'
import type { Db } from './sqlite/sqlite.ts'
import { isBusy, openDatabase, useWal } from './sqlite/sqlite.ts'
import { storeError } from './sqlite/sqlite-errors.ts'
import { retryBusy, type Waiting, write } from './sqlite/write.ts'

/** An open store; `sessions.ts`, `messages.ts` and `prompts.ts` hold what can be asked of it. */
export interface Store {
  db: Db
  /** Reads, alone or inside a transaction. @throws UserError when the file is damaged or the like */
  read<T>(work: (db: Db) => T): T
  /** One IMMEDIATE transaction, repeated while another program holds the lock. */
  write<T>(work: () => T): Promise<T>
  /** ms since the epoch. */
  now(): number
  close(): void
}

export interface StoreOptions {
  file: string
  /** Directory of the `NNN_name.sql` files. */
  migrations: string
  waiting: Waiting
  now(): number
}

/**
 * Opens the store and brings its schema up to date.
 * @throws UserError when the file is not a database, is damaged, was made by a newer program or cannot be opened
 */
export async function openStore({ file, migrations, waiting, now }: StoreOptions): Promise<Store> {
  const db = await retryBusy(file, waiting, () => openDatabase(file))
  try {
    await retryBusy(file, waiting, () => refuseNewer(db, migrations))
    await retryBusy(file, waiting, () => useWal(db))
    await migrate(db, migrations, waiting)
  } catch (error) {
    db.close()
    throw error
  }
  return {
    db,
    now,
    read: (work) => read(db, work),
    write: (work) => write(db, waiting, work),
    close: () => db.close(),
  }
}

/** A lock that stands in the way stays SQLite's own error: the transaction around it is tried again. */
function read<T>(db: Db, work: (db: Db) => T): T {
  try {
    return work(db)
  } catch (error) {
    throw isBusy(error) ? error : storeError(error, db.name)
  }
}
