import { type Block, type Role, textOf } from '../domain/message.ts'
import { findMatches, ftsMatch, type Query, type Range } from '../text/text-search.ts'
import type { Store } from './store.ts'

/** A message in which a query was found. */
export interface FoundMessage {
  conversationId: string
  seq: number
  role: Role
  createdAt: number
  partial: boolean
  text: string
  matches: Range[]
}

/** The newest messages of all conversations that hold what is searched for, at most `limit`. */
export function searchMessages(store: Store, query: Query, limit: number): FoundMessage[] {
  const read = store.db.prepare<unknown[], Row>(
    'SELECT * FROM messages WHERE conversation_id = ? AND seq = ?',
  )
  const found: FoundMessage[] = []
  for (const key of keysOf(store, query)) {
    if (found.length === limit) break
    const row = read.get(key.conversation_id, key.seq)
    const message = row && messageOf(row, query)
    if (message) found.push(message)
  }
  return found
}

interface Key {
  conversation_id: string
  seq: number
}

interface Row extends Key {
  role: Role
  content: string
  partial: number
  created_at: number
}

/** Messages that may hold it, newest first: by the index, and those that are still growing or were cut off. */
function keysOf(store: Store, query: Query): Key[] {
  const match = ftsMatch(query)
  const anywhere = query.flatMap((term) => (term.kind === 'anywhere' ? [likePattern(term.text)] : []))
  // What a message holds is read only where the index does not answer.
  const join = anywhere.length === 0 ? '' : 'JOIN messages m USING (conversation_id, seq)'
  const like = anywhere.map(() => "AND m.content LIKE ? ESCAPE '\\'").join(' ')
  const indexed =
    match === undefined ? '' : 'AND said_id IN (SELECT rowid FROM said_words WHERE said_words MATCH ?)'
  return store.db
    .prepare<unknown[], Key>(
      `SELECT conversation_id, seq FROM (
         SELECT conversation_id, seq, said.created_at FROM said ${join} WHERE 1 ${indexed} ${like}
         UNION ALL SELECT conversation_id, seq, created_at FROM messages WHERE partial = 1)
       ORDER BY created_at DESC, conversation_id, seq DESC`,
    )
    .all(...(match === undefined ? [] : [match]), ...anywhere)
}

/** In a message's JSON, whose strings are escaped. */
function likePattern(text: string): string {
  return `%${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, '\\$&')}%`
}

function messageOf(row: Row, query: Query): FoundMessage | undefined {
  const blocks: Block[] = JSON.parse(row.content)
  const text = textOf({ role: row.role, blocks })
  const matches = findMatches(text, query)
  // The index knows no more of letters than we do, but is asked first: what it found is shown without a mark.
  const isIndexed = row.partial === 0 && query.every((term) => term.kind === 'words')
  if (!matches && !isIndexed) return undefined
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    role: row.role,
    createdAt: row.created_at,
    partial: row.partial === 1,
    text,
    matches: matches ?? [],
  }
}
