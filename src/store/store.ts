import { storeError } from './errors.ts'
import { migrate } from './migrate.ts'
import type { Db } from './sqlite.ts'
import { openDatabase, useWal } from './sqlite.ts'
import { retryBusy, type Waiting, write } from './write.ts'

/** An open store; `sessions.ts`, `messages.ts` and `prompts.ts` hold what can be asked of it. */
export interface Store {
  db: Db
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
  const db = open(file)
  try {
    await retryBusy(file, waiting, () => useWal(db))
    await migrate(db, migrations, waiting)
  } catch (error) {
    db.close()
    throw error
  }
  return { db, now, write: (work) => write(db, waiting, work), close: () => db.close() }
}

function open(file: string): Db {
  try {
    return openDatabase(file)
  } catch (error) {
    throw storeError(error, file)
  }
}
