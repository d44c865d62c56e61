import type { Asked, Verdict } from '../domain/approval.ts'
import { recordEvent } from './events.ts'
import type { Store } from './store.ts'

/** How long a verdict counts, in ms: the worker is told of it at once, unless who gave it died in that moment. */
export const verdictLasts = 10_000

/** In SQL, with the time `@now`. */
const isAnswered = `(verdict IS NOT NULL AND abs(@now - given_at) < ${verdictLasts})`

/** A question that is open: nobody has answered it from elsewhere. `id` is never used again. */
export interface OpenQuestion extends Asked {
  id: number
  session: string
  /** ms since the epoch. */
  askedAt: number
}

/** Makes a question answerable from elsewhere; one that the session asked before is gone. Returns its id. */
export async function putQuestion(store: Store, session: string, asked: Asked): Promise<number> {
  return store.write(() => {
    dropQuestions(store, session)
    const { lastInsertRowid } = store.db
      .prepare(
        'INSERT INTO approvals (conversation_id, tool_use_id, tool, shown, trust, asked_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(session, asked.use, asked.tool, JSON.stringify(asked.lines), asked.trust, store.now())
    const question = Number(lastInsertRowid)
    const shown = asked.lines
      .map(({ text }) => text)
      .join('\n')
      .slice(0, 2000)
    recordEvent(store, session, 'asked', { question, tool: asked.tool, shown })
    return question
  })
}

/** Runs inside a transaction of the caller's: whoever asked is gone, or asks something else. */
export function dropQuestions(store: Store, session: string): void {
  store.db.prepare('DELETE FROM approvals WHERE conversation_id = ?').run(session)
}

/** What the session asks; undefined also when the answer was given and is not taken yet. */
export function readQuestion(store: Store, session: string): OpenQuestion | undefined {
  const row = store.read((db) =>
    db
      .prepare<unknown[], Row>(
        `SELECT * FROM approvals WHERE conversation_id = @session AND NOT ${isAnswered}`,
      )
      .get({ session, now: store.now() }),
  )
  return (
    row && {
      id: row.approval_id,
      session,
      use: row.tool_use_id,
      tool: row.tool,
      lines: JSON.parse(row.shown),
      trust: row.trust,
      askedAt: row.asked_at,
    }
  )
}

/** Answers exactly this question. Returns false, and changes nothing, when it is gone or answered. */
export async function giveVerdict(store: Store, id: number, verdict: Verdict): Promise<boolean> {
  const said = verdict.type === 'decline' ? verdict.text : ''
  return store.write(
    () =>
      store.db
        .prepare(
          `UPDATE approvals SET verdict = @type, said = @said, given_at = @now
           WHERE approval_id = @id AND NOT ${isAnswered}`,
        )
        .run({ id, type: verdict.type, said, now: store.now() }).changes === 1,
  )
}

/** Takes back the verdict that one has given, as long as the worker has not taken it. Returns whether it was not. */
export async function takeBackVerdict(store: Store, id: number): Promise<boolean> {
  return store.write(
    () =>
      store.db.prepare("UPDATE approvals SET verdict = NULL, said = '' WHERE approval_id = ?").run(id)
        .changes === 1,
  )
}

/** Whether the question still stands, answered or not. */
export function questionStands(store: Store, id: number): boolean {
  return store.read((db) => db.prepare('SELECT 1 FROM approvals WHERE approval_id = ?').get(id)) !== undefined
}

/** Whether somebody has answered from elsewhere. */
export function hasVerdict(store: Store, id: number): boolean {
  const sql = `SELECT 1 FROM approvals WHERE approval_id = @id AND ${isAnswered}`
  return store.read((db) => db.prepare(sql).get({ id, now: store.now() })) !== undefined
}

/** The answer that was given from elsewhere and not taken yet. */
export function givenVerdict(store: Store, id: number): Verdict | undefined {
  const sql = `SELECT verdict, said FROM approvals WHERE approval_id = @id AND ${isAnswered}`
  const row = store.read((db) =>
    db
      .prepare<unknown[], Pick<Row, 'said'> & { verdict: Verdict['type'] }>(sql)
      .get({ id, now: store.now() }),
  )
  return row && (row.verdict === 'decline' ? { type: 'decline', text: row.said } : { type: row.verdict })
}

/**
 * Ends a question that a no was said to where it was asked. A yes that came from elsewhere in that moment is overruled: who gave
 * it finds a no in its place. Returns whether there was one; the row is then to be dropped when that was seen.
 */
export async function declineHere(store: Store, id: number): Promise<boolean> {
  return store.write(() => {
    recordVerdict(store, id, 'decline', 'window')
    return endQuestion(store, id)
  })
}

/**
 * Ends a question that was answered where it was asked, with what nobody told us. A yes that came from elsewhere is overruled
 * as by `declineHere`.
 */
export async function answeredThere(store: Store, id: number): Promise<boolean> {
  return store.write(() => endQuestion(store, id))
}

/** Runs inside a transaction of the caller's. */
function endQuestion(store: Store, id: number): boolean {
  const overruled = store.db
    .prepare(
      `UPDATE approvals SET verdict = 'decline', said = '' WHERE approval_id = @id AND verdict <> 'decline' AND ${isAnswered}`,
    )
    .run({ id, now: store.now() })
  if (overruled.changes === 1) return true
  dropQuestion(store, id)
  return false
}

/** Runs inside a transaction of the caller's. */
export function dropQuestion(store: Store, id: number): void {
  store.db.prepare('DELETE FROM approvals WHERE approval_id = ?').run(id)
}

/** Whether the yes that one has given was overruled by a no. */
export function isOverruled(store: Store, id: number): boolean {
  const sql = "SELECT 1 FROM approvals WHERE approval_id = ? AND verdict = 'decline'"
  return store.read((db) => db.prepare(sql).get(id)) !== undefined
}

/** Ends a question, for the worker that asked it: the verdict that came from elsewhere, if one did before what was `typed`. */
export async function takeVerdict(
  store: Store,
  id: number,
  typed?: Verdict['type'],
): Promise<Verdict | undefined> {
  return store.write(() => {
    const known = store.db
      .prepare<unknown[], { verdict: Verdict['type'] }>(
        `SELECT verdict FROM approvals WHERE approval_id = @id AND ${isAnswered}`,
      )
      .get({ id, now: store.now() })
    if (known) recordVerdict(store, id, known.verdict, 'elsewhere')
    else if (typed) recordVerdict(store, id, typed, 'window')
    const row = store.db
      .prepare<unknown[], Pick<Row, 'verdict' | 'said'> & { answered: number }>(
        `DELETE FROM approvals WHERE approval_id = @id RETURNING verdict, said, ${isAnswered} AS answered`,
      )
      .get({ id, now: store.now() })
    if (!row?.verdict || !row.answered) return undefined
    return row.verdict === 'decline' ? { type: 'decline', text: row.said } : { type: row.verdict }
  })
}

/** Runs inside the transaction that ends the question. */
function recordVerdict(store: Store, id: number, verdict: Verdict['type'], by: 'window' | 'elsewhere'): void {
  const row = store.db
    .prepare<unknown[], { session: string; tool: string }>(
      'SELECT conversation_id AS session, tool FROM approvals WHERE approval_id = ?',
    )
    .get(id)
  if (row) recordEvent(store, row.session, 'verdict', { question: id, tool: row.tool, verdict, by })
}

interface Row {
  approval_id: number
  tool_use_id: string
  tool: string
  shown: string
  trust: string
  asked_at: number
  verdict: Verdict['type'] | null
  said: string
}
