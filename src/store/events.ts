import type { Block } from '../domain/message.ts'
import type { Store } from './store.ts'

/** What can happen: the words of `q mux watch --json`. */
export const eventKinds = [
  'opened',
  'renamed',
  'state',
  'prompt',
  'answer',
  'tool',
  'asked',
  'verdict',
  'error',
  'slept',
  'woke',
  'exited',
  'closed',
  'stopped',
  'started',
] as const
export type EventKind = (typeof eventKinds)[number]

/** Something that happened. */
export interface StoredEvent {
  /** Grows; the place to go on from. */
  seq: number
  /** ms since the epoch. */
  at: number
  workspace: string
  /** Its id; null: of the whole workspace. */
  session: string | null
  /** What it was called then. */
  name: string | null
  event: EventKind
  /** What belongs to the kind: `state`, `text`, … Texts are untrusted. */
  facts: Record<string, unknown>
}

/** The most characters of a text in an event. */
const maxTextLength = 2000

/** Runs inside the transaction that makes the fact. Of a plain chat nothing is recorded. */
export function recordEvent(
  store: Store,
  id: string,
  event: EventKind,
  facts: Record<string, unknown> = {},
): void {
  store.db
    .prepare(
      `INSERT INTO events (at, workspace, conversation_id, name, event, facts)
       SELECT @at, workspace, conversation_id, session_name, @event, @facts FROM conversations
       WHERE conversation_id = @id AND workspace IS NOT NULL`,
    )
    .run({ id, at: store.now(), event, facts: JSON.stringify(facts) })
}

/** Something that happened to a whole workspace. */
export async function addWorkspaceEvent(
  store: Store,
  workspace: string,
  event: 'started' | 'stopped',
): Promise<void> {
  await store.write(() => {
    store.db
      .prepare("INSERT INTO events (at, workspace, event, facts) VALUES (?, ?, ?, '{}')")
      .run(store.now(), workspace, event)
  })
}

/** Runs inside the transaction that keeps a message: what a whole one tells. */
export function recordMessage(store: Store, id: string, role: string, blocks: readonly Block[]): void {
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []))
  if (role === 'user') {
    // What stands behind the prompt goes along with it: files.
    if (text[0] !== undefined) recordEvent(store, id, 'prompt', { text: shortened(text[0]) })
    return
  }
  const said = text.join('').trim()
  if (said !== '') recordEvent(store, id, 'answer', { text: shortened(said) })
  for (const block of blocks)
    if (block.type === 'tool_use')
      recordEvent(store, id, 'tool', {
        tool: block.name,
        input: shortened(JSON.stringify(block.input) ?? ''),
      })
}

/** The events of a workspace behind a place, in their order, at most `limit`. */
export function readEvents(store: Store, workspace: string, after: number, limit: number): StoredEvent[] {
  const sql = 'SELECT * FROM events WHERE workspace = ? AND seq > ? ORDER BY seq LIMIT ?'
  return store
    .read((db) => db.prepare<unknown[], Row>(sql).all(workspace, after, limit))
    .map(({ conversation_id: session, facts, ...row }) => ({ ...row, session, facts: JSON.parse(facts) }))
}

/** The place of the last event of all; 0 where there is none. */
export function lastEvent(store: Store): number {
  const row = store.read((db) =>
    db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM events').get(),
  )
  return row?.seq ?? 0
}

export async function removeEvents(store: Store, before: number): Promise<void> {
  await store.write(() => {
    store.db.prepare('DELETE FROM events WHERE at < ?').run(before)
  })
}

function shortened(text: string): string {
  return text.length <= maxTextLength
    ? text
    : text
        .slice(0, maxTextLength - 1)
        .toWellFormed()
        .concat('…')
}

interface Row {
  seq: number
  at: number
  workspace: string
  conversation_id: string | null
  name: string | null
  event: EventKind
  facts: string
}
