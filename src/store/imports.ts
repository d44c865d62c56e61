import type { Block, Role } from '../domain/message.ts'
import type { SessionType } from '../domain/session.ts'
import type { Store } from './store.ts'

/** What of another program's conversation is here. */
export interface Import {
  conversationId: string
  /** How many of its first messages came from there. */
  messages: number
}

export interface ForeignMessage {
  role: Role
  blocks: Block[]
  createdAt: number
}

export interface ImportedSession {
  id: string
  sourceId: string
  name: string
  type: SessionType
  cwd: string
  createdAt: number
  updatedAt: number
  messages: readonly ForeignMessage[]
}

export function findImport(store: Store, sourceId: string): Import | undefined {
  return store.db
    .prepare<unknown[], Import>(
      'SELECT conversation_id AS conversationId, messages FROM imports WHERE source_id = ?',
    )
    .get(sourceId)
}

/**
 * Keeps a conversation as a closed session of no workspace. It was closed now and last active then: lists sort it by
 * when it was held, and it is not old as a closed session. Runs inside a transaction of the caller's.
 */
export function insertImport(store: Store, session: ImportedSession): void {
  const now = store.now()
  store.db
    .prepare(
      `INSERT INTO conversations (conversation_id, cwd, created_at, session_name, session_type, session_status,
         last_active, name_source, status_since, workspace)
       VALUES (?, ?, ?, ?, ?, 'Completed', ?, 'auto', ?, NULL)`,
    )
    .run(session.id, session.cwd, session.createdAt, session.name, session.type, session.updatedAt, now)
  insertMessages(store, session.id, session.messages, 1)
  store.db
    .prepare('INSERT INTO imports (source_id, conversation_id, messages, imported_at) VALUES (?, ?, ?, ?)')
    .run(session.sourceId, session.id, session.messages.length, now)
}

/** Adds what was said at the source since. Runs inside a transaction of the caller's. */
export function extendImport(
  store: Store,
  { conversationId, messages }: Import,
  added: readonly ForeignMessage[],
  updatedAt: number,
): void {
  insertMessages(store, conversationId, added, messages + 1)
  store.db
    .prepare('UPDATE conversations SET last_active = max(last_active, ?) WHERE conversation_id = ?')
    .run(updatedAt, conversationId)
  store.db
    .prepare('UPDATE imports SET messages = ?, imported_at = ? WHERE conversation_id = ?')
    .run(messages + added.length, store.now(), conversationId)
}

function insertMessages(
  store: Store,
  id: string,
  messages: readonly ForeignMessage[],
  firstSeq: number,
): void {
  const insert = store.db.prepare(
    'INSERT INTO messages (conversation_id, seq, role, content, partial, created_at) VALUES (?, ?, ?, ?, 0, ?)',
  )
  for (const [index, { role, blocks, createdAt }] of messages.entries())
    insert.run(id, firstSeq + index, role, JSON.stringify(blocks), createdAt)
}
