import type { Db } from '../sqlite/sqlite.ts'
import { type LockWait, openForeign, whileLocked } from './foreign-database.ts'
import { foreignError, isDamage, notAmazonQ } from './foreign-errors.ts'

/** A conversation's row, without its value. */
export interface AmazonQRow {
  rowid: bigint
  directory: string | null
  conversationId: string | null
  createdAt: number | null
  updatedAt: number | null
  bytes: number
}

export type AmazonQValue = { kind: 'text'; text: string } | { kind: 'not-text' | 'damaged' | 'gone' }

/** Amazon Q CLI's database, open for reading its conversations; no other table is looked into. */
export interface AmazonQDatabase {
  file: string
  rows(): AsyncIterable<AmazonQRow>
  value(row: AmazonQRow): Promise<AmazonQValue>
  close(): void
}

export interface AmazonQOptions {
  /** A private directory where a copy may stand for a moment. */
  scratch: string
  lockWait: LockWait
}

/**
 * Opens the file read-only. Where both tables are, `conversations_v2` is read and the older one is not, unless the
 * newer one is empty. No lock is held between two reads.
 * @throws UserError when it is not such a database, or damaged, or locked for longer than `lockWait`
 */
export async function openAmazonQ(
  file: string,
  { scratch, lockWait }: AmazonQOptions,
): Promise<AmazonQDatabase> {
  const db = await openForeign(file, scratch, lockWait)
  const ask = <T>(attempt: () => T): Promise<T> =>
    whileLocked(lockWait, attempt).catch((error: unknown) => {
      throw foreignError(error, file)
    })
  try {
    const table = await ask(() => findTable(db))
    if (!table) throw notAmazonQ(file, 'it has no table of conversations')
    const page = db.prepare<unknown[], Page>(pageOf(table)).safeIntegers()
    const value = db.prepare<unknown[], { value: unknown }>(`SELECT value FROM ${table} WHERE rowid = ?`)
    return {
      file,
      rows: () => pages((after) => ask(() => page.all(after))),
      value: ({ rowid }) => ask(() => readValue(() => value.get(rowid))),
      close: () => db.close(),
    }
  } catch (error) {
    db.close()
    throw foreignError(error, file)
  }
}

type Table = 'conversations' | 'conversations_v2'

function findTable(db: Db): Table | undefined {
  const newer = hasColumns(db, 'conversations_v2', newerColumns)
  const older = hasColumns(db, 'conversations', ['key', 'value'])
  if (newer && (!older || db.prepare('SELECT 1 FROM conversations_v2 LIMIT 1').get()))
    return 'conversations_v2'
  return older ? 'conversations' : undefined
}

const newerColumns = ['key', 'conversation_id', 'value', 'created_at', 'updated_at']

/** A view of that name is not looked into: what it would run is not ours. */
function hasColumns(db: Db, table: Table, columns: readonly string[]): boolean {
  const sql =
    "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type = 'table' AND NOT wr"
  if (!db.prepare(sql).get(table)) return false
  const found = db
    .prepare<unknown[], { name: string }>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .all(table)
  return columns.every((column) => found.some(({ name }) => name === column))
}

/** Nothing of any size is read here: sizes come first, texts only where they are short. */
function pageOf(table: Table): string {
  const older = table === 'conversations'
  const short = (column: string, limit: number): string =>
    `CASE WHEN octet_length(${column}) <= ${limit} THEN CAST(${column} AS TEXT) END`
  const time = (column: string): string =>
    older ? 'NULL' : `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN CAST(${column} AS REAL) END`
  return `SELECT rowid, ${short('key', 4096)} AS directory,
      ${older ? 'NULL' : short('conversation_id', 200)} AS conversationId,
      ${time('created_at')} AS createdAt, ${time('updated_at')} AS updatedAt,
      coalesce(octet_length(value), 0) AS bytes
    FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 100`
}

type Page = Omit<AmazonQRow, 'bytes'> & { bytes: bigint }

async function* pages(read: (after: bigint) => Promise<Page[]>): AsyncGenerator<AmazonQRow> {
  for (let after = -(2n ** 63n); ; ) {
    const rows = await read(after)
    for (const row of rows) yield { ...row, bytes: Number(row.bytes) }
    const last = rows.at(-1)
    if (!last) return
    after = last.rowid
  }
}

/** One damaged page is no reason to give up the rest. */
function readValue(read: () => { value: unknown } | undefined): AmazonQValue {
  try {
    const row = read()
    if (!row) return { kind: 'gone' }
    return typeof row.value === 'string' ? { kind: 'text', text: row.value } : { kind: 'not-text' }
  } catch (error) {
    if (isDamage(error)) return { kind: 'damaged' }
    throw error
  }
}
