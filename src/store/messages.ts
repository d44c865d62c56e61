import type { Block, Role, StoredMessage } from '../domain/message.ts'
import { recordMessage } from './events.ts'
import type { Store } from './store.ts'

/** Commits a message and returns its place. `partial`: more of it is to come. */
export async function appendMessage(
  store: Store,
  id: string,
  role: Role,
  blocks: Block[],
  partial = false,
): Promise<number> {
  return store.write(() => insertMessage(store, id, role, blocks, partial))
}

/** Replaces the blocks of a message that grows. */
export async function updateMessage(
  store: Store,
  id: string,
  seq: number,
  blocks: Block[],
  partial: boolean,
): Promise<void> {
  await store.write(() => {
    const row = store.db
      .prepare<unknown[], { role: Role }>(
        'UPDATE messages SET content = ?, partial = ? WHERE conversation_id = ? AND seq = ? RETURNING role',
      )
      .get(JSON.stringify(blocks), partial ? 1 : 0, id, seq)
    if (row?.role === 'assistant' && !partial) recordMessage(store, id, row.role, blocks)
  })
}

export function readMessages(store: Store, id: string): StoredMessage[] {
  return readMessagesFrom(store, id, 0)
}

/** The messages from a place on. */
export function readMessagesFrom(store: Store, id: string, seq: number): StoredMessage[] {
  const sql = `${select} WHERE conversation_id = ? AND seq >= ? ORDER BY seq`
  return store.read((db) => db.prepare<unknown[], Row>(sql).all(id, seq)).map(fromRow)
}

/** The messages from `from` to before `before`, one at a time. Nothing else may be asked of the store meanwhile. */
export function* eachMessage(
  store: Store,
  id: string,
  from: number,
  before = Number.MAX_SAFE_INTEGER,
): Generator<StoredMessage> {
  const sql = `${select} WHERE conversation_id = ? AND seq >= ? AND seq < ? ORDER BY seq`
  for (const row of store.db.prepare<unknown[], Row>(sql).iterate(id, from, before)) yield fromRow(row)
}

/** The same from the end on, the last one first. */
export function* eachMessageBackwards(store: Store, id: string, from: number): Generator<StoredMessage> {
  const sql = `${select} WHERE conversation_id = ? AND seq >= ? ORDER BY seq DESC`
  for (const row of store.db.prepare<unknown[], Row>(sql).iterate(id, from)) yield fromRow(row)
}

/** The place of the first message from a place on. */
export function firstPlace(store: Store, id: string, from: number): number | undefined {
  const sql = 'SELECT min(seq) AS seq FROM messages WHERE conversation_id = ? AND seq >= ?'
  return (
    store.read((db) => db.prepare<unknown[], { seq: number | null }>(sql).get(id, from))?.seq ?? undefined
  )
}

/** How many messages there are from a place on. */
export function countFrom(store: Store, id: string, from: number): number {
  const sql = 'SELECT count(*) AS n FROM messages WHERE conversation_id = ? AND seq >= ?'
  return store.read((db) => db.prepare<unknown[], { n: number }>(sql).get(id, from))?.n ?? 0
}

/** The bytes of the messages from a place on, as they are stored, of each `most` at most. What was said is not read for it. */
export function bytesFrom(store: Store, id: string, from: number, most: number): number {
  const sql = `SELECT sum(min(octet_length(content), ?)) AS bytes FROM messages WHERE conversation_id = ? AND seq >= ?`
  return (
    store.read((db) => db.prepare<unknown[], { bytes: number | null }>(sql).get(most, id, from))?.bytes ?? 0
  )
}

/** The place of the last prompt behind a place that came without results of tools. */
export function lastPromptAfter(store: Store, id: string, after: number): number | undefined {
  const sql = `SELECT seq FROM messages WHERE conversation_id = ? AND seq > ? AND role = 'user' AND ${hasText}
    AND instr(content, '{"type":"tool_result"') = 0 ORDER BY seq DESC LIMIT 1`
  return store.read((db) => db.prepare<unknown[], { seq: number }>(sql).get(id, after))?.seq
}

/** The user's first prompts, at most `number`. */
export function readFirstPrompts(store: Store, id: string, number: number): StoredMessage[] {
  const sql = `${select} WHERE conversation_id = ? AND role = 'user' AND ${hasText} ORDER BY seq LIMIT ?`
  return store.read((db) => db.prepare<unknown[], Row>(sql).all(id, number)).map(fromRow)
}

/** The last `number` messages, in their order. */
export function readLastMessages(store: Store, id: string, number: number): StoredMessage[] {
  const sql = `${select} WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?`
  return store
    .read((db) => db.prepare<unknown[], Row>(sql).all(id, number))
    .map(fromRow)
    .reverse()
}

/**
 * The messages from the user's last prompt on, without reading the rest; at most the last 200. Those that hold nothing but
 * results of tools are empty here: they may be long, and nobody is shown them.
 */
export function readLastExchange(store: Store, id: string): StoredMessage[] {
  const content = `CASE WHEN role = 'user' AND NOT ${hasText} THEN '[]' ELSE content END AS content`
  const sql = `SELECT seq, role, ${content}, partial, created_at FROM messages
    WHERE conversation_id = ? ORDER BY seq DESC LIMIT 200`
  return store.read((db) => {
    const messages: StoredMessage[] = []
    for (const row of db.prepare<unknown[], Row>(sql).iterate(id)) {
      const message = fromRow(row)
      messages.unshift(message)
      if (message.role === 'user' && message.blocks.some((block) => block.type === 'text')) break
    }
    return messages
  })
}

/** How many prompts a conversation has: messages of the user's that are more than results of tools. */
export function countTurns(store: Store, id: string): number {
  const sql = 'SELECT turns FROM conversations WHERE conversation_id = ?'
  return store.read((db) => db.prepare<unknown[], { turns: number }>(sql).get(id))?.turns ?? 0
}

/** Fills a conversation that is empty. Returns false, and changes nothing, when it is not. */
export async function fillConversation(
  store: Store,
  id: string,
  messages: readonly Omit<StoredMessage, 'seq'>[],
): Promise<boolean> {
  return store.write(() => {
    if (readLastMessages(store, id, 1).length > 0) return false
    const insert = store.db.prepare(
      'INSERT INTO messages (conversation_id, seq, role, content, partial, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const [place, { role, blocks, partial, createdAt }] of messages.entries())
      insert.run(id, place + 1, role, JSON.stringify(blocks), partial ? 1 : 0, createdAt)
    store.db
      .prepare('UPDATE conversations SET last_active = ? WHERE conversation_id = ?')
      .run(store.now(), id)
    return true
  })
}

/** Runs inside a transaction of the caller's. */
export function insertMessage(
  store: Store,
  id: string,
  role: Role,
  blocks: Block[],
  partial = false,
): number {
  const next = store.db
    .prepare<unknown[], { seq: number }>(
      'SELECT coalesce(max(seq), 0) + 1 AS seq FROM messages WHERE conversation_id = ?',
    )
    .get(id)
  const seq = next?.seq ?? 1
  const now = store.now()
  store.db
    .prepare(
      'INSERT INTO messages (conversation_id, seq, role, content, partial, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(id, seq, role, JSON.stringify(blocks), partial ? 1 : 0, now)
  store.db.prepare('UPDATE conversations SET last_active = ? WHERE conversation_id = ?').run(now, id)
  if (!partial) recordMessage(store, id, role, blocks)
  return seq
}

/** In SQL: among its blocks is a text. In the JSON that is written here, this stands nowhere else. */
const hasText = `instr(content, '{"type":"text"') > 0`

const select = 'SELECT seq, role, content, partial, created_at FROM messages'

function fromRow(row: Row): StoredMessage {
  return {
    seq: row.seq,
    role: row.role,
    blocks: JSON.parse(row.content),
    partial: row.partial === 1,
    createdAt: row.created_at,
  }
}

interface Row {
  seq: number
  role: Role
  content: string
  partial: number
  created_at: number
}
