import { UserError } from '../base/errors.ts'
import type {
  ChoiceSource,
  ProcessId,
  Session,
  SessionAgent,
  SessionStatus,
  SessionType,
  WaitingFor,
} from '../domain/session.ts'
import type { GivenNames } from '../domain/session-name.ts'
import { dropQuestions } from './approvals.ts'
import { borneNames, endOf, lastBearer } from './borne-names.ts'
import { recordEvent } from './events.ts'
import type { Store } from './store.ts'

export interface NewSession {
  id: string
  name: string
  nameSource: ChoiceSource
  type: SessionType
  typeSource: ChoiceSource
  workspace: string | null
  cwd: string
  /** Chosen for it; null: the one of the configuration. */
  model?: string | null | undefined
  agent?: Pick<SessionAgent, 'name' | 'args'> | undefined
}

/** Runs inside a transaction of the caller's, so that a limit or a name is checked and taken at once. */
export function insertSession(store: Store, session: NewSession): void {
  const now = store.now()
  store.db
    .prepare(
      `INSERT INTO conversations (conversation_id, cwd, created_at, session_name, session_type, session_status,
         last_active, name_source, type_source, status_since, workspace, model, agent, agent_args, position)
       VALUES (@id, @cwd, @now, @name, @type, 'Paused', @now, @nameSource, @typeSource, @now, @workspace, @model, @agent, @agentArgs,
         (SELECT coalesce(max(position), 0) + 1 FROM conversations WHERE ${isOpen}))`,
    )
    .run({
      ...session,
      model: session.model ?? null,
      agent: session.agent?.name ?? null,
      agentArgs: session.agent ? JSON.stringify(session.agent.args) : null,
      now,
    })
  recordEvent(store, session.id, 'opened')
}

/** The open sessions of a workspace, or with null the plain chats, in the order of their places. */
export function listOpen(store: Store, workspace: string | null): Session[] {
  const sql = `SELECT * FROM conversations WHERE ${isOpen} ORDER BY position, last_active DESC`
  return rows(store, sql, { workspace })
}

/** Those that are not open in a workspace, the newest first, at most `limit`: closed ones, plain chats, those of others. */
export function listOthers(store: Store, workspace: string, limit = Number.MAX_SAFE_INTEGER): Session[] {
  const sql = `SELECT * FROM conversations WHERE NOT (${isOpen}) ORDER BY last_active DESC LIMIT @limit`
  return rows(store, sql, { workspace, limit })
}

/** All there are, the newest first. */
export function listAll(store: Store): Session[] {
  return rows(store, 'SELECT * FROM conversations ORDER BY last_active DESC', {})
}

/** Those whose name or id begins so, of all there are, the newest first. */
export function listBegunBy(store: Store, begun: string): Session[] {
  const sql = `SELECT * FROM conversations
    WHERE (session_name >= @begun AND session_name < @end) OR (conversation_id >= @begun AND conversation_id < @end)
    ORDER BY last_active DESC`
  return rows(store, sql, { begun, end: endOf(begun) })
}

/** How many sessions of a workspace are closed. */
export function countClosed(store: Store, workspace: string): number {
  const sql = `SELECT count(*) AS count FROM conversations WHERE workspace = @workspace AND session_status = 'Completed'`
  return store.read((db) => db.prepare<unknown[], { count: number }>(sql).get({ workspace })?.count ?? 0)
}

function rows(store: Store, sql: string, values: Record<string, unknown>): Session[] {
  return store.read((db) => db.prepare<unknown[], Row>(sql).all(values)).map(fromRow)
}

/** Of all workspaces. */
export function countSessions(store: Store): number {
  return store.read(
    (db) =>
      db.prepare<[], { count: number }>('SELECT count(*) AS count FROM conversations').get()?.count ?? 0,
  )
}

export function getSession(store: Store, id: string): Session | undefined {
  const row = store.read((db) =>
    db.prepare<unknown[], Row>('SELECT * FROM conversations WHERE conversation_id = ?').get(id),
  )
  return row && fromRow(row)
}

/**
 * Gives a session a name that its user chose. Returns the session that the name meant until now, because it was called so
 * before.
 * @throws UserError when another open session of the workspace has the name
 */
export async function renameSession(store: Store, id: string, name: string): Promise<Session | undefined> {
  return store.write(() => {
    const taken = store.db
      .prepare(
        `SELECT 1 FROM conversations other JOIN conversations own ON own.conversation_id = @id
         WHERE other.workspace IS own.workspace AND other.session_name = @name AND other.conversation_id <> @id
           AND other.session_status <> 'Completed'`,
      )
      .get({ id, name })
    if (taken)
      throw new UserError(`another open session is called ${name}`, {
        hint: 'choose another name, or rename that one',
      })
    const { workspace = null, name: before } = getSession(store, id) ?? {}
    const meant = meantBefore(store, name, workspace, id)
    store.db
      .prepare("UPDATE conversations SET session_name = ?, name_source = 'user' WHERE conversation_id = ?")
      .run(name, id)
    if (before !== undefined && before !== name) recordEvent(store, id, 'renamed', { before })
    return meant
  })
}

/**
 * The session that a name which is about to be given to another, `but` itself, has meant until now because it was called so
 * before. One that is still called so keeps it: it is found by `q mux open` as it was.
 */
export function meantBefore(
  store: Store,
  name: string,
  workspace: string | null,
  but = '',
): Session | undefined {
  const id = lastBearer(store, name, workspace)
  const session = id === undefined || id === but ? undefined : getSession(store, id)
  return session?.name === name ? undefined : session
}

/**
 * Gives a session the name and type that were found for it, unless the user has chosen meanwhile. `name` is asked for
 * inside the transaction, so that no other ever had it. Returns the session as it then is.
 */
export async function nameSession(
  store: Store,
  id: string,
  type: SessionType,
  name: (given: GivenNames, now: Session) => string,
): Promise<Session | undefined> {
  return store.write(() => {
    const session = getSession(store, id)
    if (!session) return undefined
    store.db
      .prepare("UPDATE conversations SET session_type = ? WHERE conversation_id = ? AND type_source = 'auto'")
      .run(type, id)
    if (session.nameSource === 'user') return getSession(store, id)
    const next = name(borneNames(store, session.workspace, id), session)
    store.db.prepare('UPDATE conversations SET session_name = ? WHERE conversation_id = ?').run(next, id)
    if (next !== session.name) recordEvent(store, id, 'renamed', { before: session.name })
    return getSession(store, id)
  })
}

/** Records what a session does, `since` when, in ms since the epoch. A closed one stays closed. */
export async function setSessionStatus(
  store: Store,
  id: string,
  state: {
    status: SessionStatus
    waitingFor: WaitingFor | null
    since: number
    detail?: string
    until?: number | undefined
  },
): Promise<void> {
  const { status, waitingFor, since, detail = '', until = null } = state
  await store.write(() => {
    const { changes } = store.db
      .prepare(
        `UPDATE conversations SET session_status = @status, waiting_for = @waitingFor, status_since = @since,
           status_detail = @detail, status_until = @until, last_active = @now
         WHERE conversation_id = @id AND session_status <> 'Completed'`,
      )
      .run({ id, status, waitingFor, since, detail, until, now: store.now() })
    if (changes === 0) return
    const word = status === 'Processing' ? 'processing' : 'waiting'
    recordEvent(store, id, 'state', { state: word, waitingFor, detail, ...(until === null ? {} : { until }) })
    if (waitingFor === 'error') recordEvent(store, id, 'error', { detail })
  })
}

/** Keeps the model that was chosen for a session; null goes back to the configuration's. */
export async function setSessionModel(store: Store, id: string, model: string | null): Promise<void> {
  await store.write(() => {
    store.db.prepare('UPDATE conversations SET model = ? WHERE conversation_id = ?').run(model, id)
  })
}

/** Keeps the id that a session's agent has for the conversation. */
export async function setAgentConversation(store: Store, id: string, conversation: string): Promise<void> {
  await store.write(() => {
    store.db
      .prepare('UPDATE conversations SET agent_session = ? WHERE conversation_id = ?')
      .run(conversation, id)
  })
}

/** Keeps where a session works, absolute. */
export async function setSessionDirectory(store: Store, id: string, cwd: string): Promise<void> {
  await store.write(() => {
    store.db.prepare('UPDATE conversations SET cwd = ? WHERE conversation_id = ?').run(cwd, id)
  })
}

/** Sets the order of a workspace's open sessions; those that are not named keep their places among the others. */
export async function setPositions(store: Store, workspace: string, ids: readonly string[]): Promise<void> {
  await store.write(() => {
    const order = [...ids]
    const named = new Set(ids)
    for (const [at, { id }] of listOpen(store, workspace).entries())
      if (!named.has(id)) order.splice(at, 0, id)
    const set = store.db.prepare('UPDATE conversations SET position = ? WHERE conversation_id = ?')
    order.forEach((id, at) => void set.run(at + 1, id))
  })
}

/** Closes a session: it is no longer restored, and its name is free again. Prompts it never took are dropped. */
export async function completeSession(store: Store, id: string): Promise<void> {
  await store.write(() => {
    store.db.prepare('DELETE FROM prompts WHERE conversation_id = ?').run(id)
    store.db
      .prepare(
        "UPDATE conversations SET session_status = 'Completed', closed = 1, waiting_for = NULL, status_since = ? WHERE conversation_id = ?",
      )
      .run(store.now(), id)
    recordEvent(store, id, 'closed')
  })
}

/**
 * Takes a conversation for one process. Returns the process that has it when that one still lives, and undefined when
 * it is now `mine`. What an earlier process asked goes with it: nobody answers that any more. `woken`: it slept until now.
 */
export async function claimSession(
  store: Store,
  id: string,
  mine: ProcessId,
  lives: (process: ProcessId) => boolean,
  woken = false,
): Promise<ProcessId | undefined> {
  return store.write(() => {
    const owner = getSession(store, id)?.owner
    if (owner && !(owner.pid === mine.pid && owner.startTime === mine.startTime) && lives(owner)) return owner
    store.db
      .prepare('UPDATE conversations SET owner_pid = ?, owner_start = ? WHERE conversation_id = ?')
      .run(mine.pid, mine.startTime, id)
    dropQuestions(store, id)
    if (woken) recordEvent(store, id, 'woke')
    return undefined
  })
}

/** Gives a conversation back, if it is still `mine`. */
export async function releaseSession(
  store: Store,
  id: string,
  mine: ProcessId,
  as: 'exited' | 'slept' = 'exited',
): Promise<void> {
  await store.write(() => {
    const { changes } = store.db
      .prepare(
        'UPDATE conversations SET owner_pid = NULL, owner_start = NULL WHERE conversation_id = ? AND owner_pid = ? AND owner_start = ?',
      )
      .run(id, mine.pid, mine.startTime)
    if (changes === 1) recordEvent(store, id, as)
  })
}

/** In SQL: open in `@workspace`, or with null a plain chat. */
const isOpen = "workspace IS @workspace AND session_status <> 'Completed'"

interface Row {
  conversation_id: string
  session_name: string
  session_type: SessionType
  session_status: SessionStatus
  last_active: number
  name_source: ChoiceSource
  type_source: ChoiceSource
  waiting_for: WaitingFor | null
  status_since: number
  status_detail: string
  status_until: number | null
  workspace: string | null
  position: number
  cwd: string
  model: string | null
  agent: string | null
  agent_args: string | null
  agent_session: string | null
  messages: number
  turns: number
  owner_pid: number | null
  owner_start: string | null
}

function fromRow(row: Row): Session {
  return {
    id: row.conversation_id,
    name: row.session_name,
    nameSource: row.name_source,
    type: row.session_type,
    typeSource: row.type_source,
    status: row.session_status,
    waitingFor: row.waiting_for,
    since: row.status_since,
    detail: row.status_detail,
    until: row.status_until,
    workspace: row.workspace,
    position: row.position,
    cwd: row.cwd,
    model: row.model,
    agent:
      row.agent === null
        ? null
        : { name: row.agent, args: JSON.parse(row.agent_args ?? '[]'), conversation: row.agent_session },
    lastActive: row.last_active,
    messages: row.messages,
    turns: row.turns,
    owner:
      row.owner_pid === null || row.owner_start === null
        ? null
        : { pid: row.owner_pid, startTime: row.owner_start },
  }
}
