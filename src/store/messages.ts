import type { Block, Role, StoredMessage } from '../domain/message.ts'
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
    store.db
      .prepare('UPDATE messages SET content = ?, partial = ? WHERE conversation_id = ? AND seq = ?')
      .run(JSON.stringify(blocks), partial ? 1 : 0, id, seq)
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

/** The last `number` messages, in their order. */
export function readLastMessages(store: Store, id: string, number: number): StoredMessage[] {
  const sql = `${select} WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?`
  return store
    .read((db) => db.prepare<unknown[], Row>(sql).all(id, number))
    .map(fromRow)
    .reverse()
}

/** The messages from the user's last prompt on, without reading the rest; at most the last 200. */
export function readLastExchange(store: Store, id: string): StoredMessage[] {
  const sql = `${select} WHERE conversation_id = ? ORDER BY seq DESC LIMIT 200`
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
  return seq
}

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
