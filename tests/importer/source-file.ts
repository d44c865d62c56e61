import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Lab } from '../support/lab.ts'

export type Row = { key: unknown; id?: unknown; value: unknown; created?: unknown; updated?: unknown }

/** A database as Amazon Q CLI makes it: older (one table), newer (both), and with its credentials. */
export function makeSource(file: string, tables: { older?: Row[]; newer?: Row[] }): void {
  mkdirSync(dirname(file), { recursive: true })
  const db = new Database(file)
  db.pragma('journal_mode = DELETE')
  db.exec('CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT)')
  db.exec('CREATE TABLE history (id INTEGER PRIMARY KEY, command TEXT)')
  db.prepare('INSERT INTO auth_kv VALUES (?, ?)').run('codewhisperer:odic:token', secret)
  db.exec('CREATE TABLE conversations (key TEXT PRIMARY KEY, value TEXT)')
  if (tables.newer)
    db.exec(
      `CREATE TABLE conversations_v2 (key TEXT NOT NULL, conversation_id TEXT NOT NULL, value TEXT NOT NULL,
         created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (key, conversation_id))`,
    )
  db.close()
  addRows(file, tables)
}

export const secret = 'AKIA-not-to-be-seen'

export function addRows(file: string, { older = [], newer = [] }: { older?: Row[]; newer?: Row[] }): void {
  const db = new Database(file)
  for (const { key, value } of older)
    db.prepare('INSERT OR REPLACE INTO conversations VALUES (?, ?)').run(key, value)
  for (const { key, id, value, created = 1_700_000_000_000, updated = 1_700_000_600_000 } of newer)
    db.prepare('INSERT OR REPLACE INTO conversations_v2 VALUES (?, ?, ?, ?, ?)').run(
      key,
      id,
      value,
      created,
      updated,
    )
  db.close()
}

/** A file and everything beside it, byte for byte, and when it was written. */
export function snapshot(file: string): Record<string, string> {
  const directory = dirname(file)
  const facts = (path: string): string =>
    `${statSync(path).mtimeMs} ${statSync(path).isFile() ? readFileSync(path).toString('base64') : ''}`
  const names = readdirSync(directory)
  return {
    '.': facts(directory),
    ...Object.fromEntries(names.map((name) => [name, facts(join(directory, name))])),
  }
}

/**
 * Another process that has run `sql` on the file and keeps it open, locks and all, until its `end` is called. Not this
 * one: a process that reads a file drops its own locks on it when it closes it.
 */
export async function holder(
  lab: Lab,
  file: string,
  sql: string,
): Promise<{ end(last?: string): Promise<void> }> {
  const script = `
    const db = new (require('better-sqlite3'))(process.argv[1])
    db.exec(process.argv[2])
    console.log('held')
    process.stdin.on('data', (data) => { db.exec(String(data)); db.close(); process.exit() })`
  const child = lab.start(process.execPath, ['-e', script, file, sql])
  if (child.stdout) await once(child.stdout, 'data')
  return {
    async end(last = 'SELECT 1') {
      child.stdin?.write(last)
      await once(child, 'exit')
    },
  }
}
