import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Db } from './sqlite.ts'
import { retryBusy, type Waiting, write } from './write.ts'

interface Migration {
  number: number
  name: string
}

/**
 * Brings the schema up to the newest `NNN_name.sql` of `directory`, each in one transaction that first looks whether
 * another process was quicker.
 */
export async function migrate(db: Db, directory: string, waiting: Waiting): Promise<void> {
  const migrations = list(directory)
  const newest = newestOf(migrations)
  const version = await retryBusy(db.name, waiting, () => versionOf(db))
  if (version >= newest) return
  for (const migration of migrations) {
    await write(db, waiting, () => {
      if (versionOf(db) >= migration.number) return
      db.exec(readFileSync(join(directory, migration.name), 'utf8'))
      db.exec(
        'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
      )
      db.prepare("INSERT INTO migrations VALUES (?, ?, unixepoch('subsec') * 1000)").run(
        migration.number,
        migration.name,
      )
    })
  }
}

/** @throws UserError when the database was made by a newer program: not a byte of it is changed */
export function refuseNewer(db: Db, directory: string): void {
  const newest = newestOf(list(directory))
  const version = versionOf(db)
  if (version <= newest) return
  throw new UserError(
    `${db.name} was made by a newer q (its schema is ${version}, this one knows ${newest})`,
    { hint: 'update q-mux: npm install -g q-mux@latest. The database was left unchanged' },
  )
}

function newestOf(migrations: Migration[]): number {
  return migrations.at(-1)?.number ?? 0
}

function list(directory: string): Migration[] {
  return readdirSync(directory)
    .flatMap((name) => {
      const number = /^(\d{3})_\w+\.sql$/.exec(name)?.[1]
      return number === undefined ? [] : [{ number: Number(number), name }]
    })
    .sort((a, b) => a.number - b.number)
}

function versionOf(db: Db): number {
  const exists = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").get()
  if (!exists) return 0
  const row = db.prepare<[], { number: number | null }>('SELECT max(number) AS number FROM migrations').get()
  return row?.number ?? 0
}
