import { exitCode, UserError } from '../base/errors.ts'
import type { ChoiceSource, Session, SessionAgent, SessionType } from '../domain/session.ts'
import { numberedName, parseName } from '../domain/session-name.ts'
import { readStatus } from '../status/status-files.ts'
import { borneNames } from '../store/borne-names.ts'
import { countPrompts, enqueuePrompt } from '../store/prompts.ts'
import { getSession, insertSession, listOpen, meantBefore } from '../store/sessions.ts'
import { TmuxError } from '../tmux/door.ts'
import { openPanes, type PaneSpec, type Room, respawnPane, wakePane } from '../tmux/open-panes.ts'
import { paneOf, readView, type SessionPane } from '../tmux/tmux-view.ts'
import type { PanePlace } from '../tmux/verbs.ts'
import { requireRunning } from './workspace/workspace.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export interface NewSessionRequest {
  /** undefined: a numbered name, until one is found. */
  name?: string | undefined
  type?: SessionType | undefined
  cwd: string
  /** Said to it as soon as it is up. */
  prompt?: string | undefined
  /** The model that answers in it, checked; null: the one of the configuration. */
  model?: string | null
  /** Another agent's own program; undefined: our own chat. */
  agent?: Pick<SessionAgent, 'name' | 'args'> | undefined
}

export interface Created {
  session: Session
  /** The session that its name, which was chosen, meant until now. */
  before: Session | undefined
}

/**
 * Records a new open session, under the limit and under a name that is free: one that nobody chose was never another's.
 * @throws UserError when there are `max_active_sessions` already, or the name is taken or not a name
 */
export async function createSession(
  workspace: Pick<Workspace, 'name' | 'settings' | 'store' | 'newId'>,
  request: NewSessionRequest,
): Promise<Created> {
  const { max_active_sessions: limit, name_max_length: maxLength } = workspace.settings.sessions
  const wanted = request.name === undefined ? undefined : parseName(request.name, maxLength)
  const type = request.type ?? 'Development'
  const id = workspace.newId()
  const { store, name: here } = workspace
  const before = await store.write(() => {
    const open = listOpen(store, here)
    requireRoom(open.length, limit)
    if (open.some(({ name }) => name === wanted)) {
      throw new UserError(`a session called ${wanted} is open already`, {
        hint: `go there: /switch ${wanted}, or choose another name`,
        exit: exitCode.usage,
      })
    }
    const meant = wanted === undefined ? undefined : meantBefore(store, wanted, here)
    const nameSource: ChoiceSource = wanted === undefined ? 'auto' : 'user'
    insertSession(store, {
      id,
      name: wanted ?? numberedName(type, borneNames(store, here)),
      nameSource,
      type,
      typeSource: request.type === undefined ? 'auto' : 'user',
      workspace: here,
      cwd: request.cwd,
      model: request.model,
      agent: request.agent,
    })
    return meant
  })
  if (request.prompt !== undefined) await enqueuePrompt(store, id, request.prompt)
  return { session: stored(workspace, id), before }
}

/** @throws UserError when as many sessions are open as may be */
export function requireRoom(open: number, limit: number): void {
  if (open < limit) return
  throw new UserError(`${open} sessions are open, and sessions.max_active_sessions is ${limit}`, {
    hint: `close one (/close, q mux close NAME), or raise it: q config set sessions.max_active_sessions ${limit * 2}`,
  })
}

/**
 * Sees to it that an open session has a pane and, unless its process still lives somewhere, a worker in it. The one way
 * in which a session gets its pane: new, restored, or come back after a crash.
 */
export async function openSession(workspace: Workspace, session: Session): Promise<PanePlace> {
  const pane = paneOf(await readView(workspace.tmux, workspace.name), session.id)
  const argv = workspace.workerArgv(session.id)
  if (!pane) {
    const { id: home } = await requireRunning(workspace)
    const spec = { session: session.id, name: session.name, argv }
    const [opened] = await openPanes(roomOf(workspace, home), [spec]).catch(explainLoss)
    if (!opened) throw new Error(`${session.name} got no window`)
    return { id: opened.pane, window: opened.window, home: opened.home }
  }
  if (pane.asleep) await wakePane(workspace.tmux, pane.id, workspace.workerArgv(session.id, true))
  else if (pane.dead || lostItsWorker(workspace, pane)) await respawnPane(workspace.tmux, pane.id, argv)
  return pane
}

/** Something of the user's ends windows that were just opened. */
function explainLoss(error: unknown): never {
  if (!(error instanceof TmuxError && (error.noServer || error.notThere))) throw error
  throw new UserError('tmux took a window away as soon as it was there', {
    hint: 'a hook of yours may do so: tmux show-hooks -g. The session stays open: q mux brings it back',
  })
}

/** The panes of many sessions, in their order: with a worker that of `shown`, and those with a prompt that waits for one. */
export function panesOf(
  workspace: Workspace,
  sessions: readonly Session[],
  shown: Session | undefined,
): PaneSpec[] {
  return sessions.map((session) => {
    const isAwake = session === shown || countPrompts(workspace.store, session.id) > 0
    return {
      session: session.id,
      name: session.name,
      argv: isAwake ? workspace.workerArgv(session.id) : undefined,
    }
  })
}

/** Opens the windows of many sessions at once, behind the others of a tmux session. */
export async function openSessions(
  workspace: Workspace,
  home: string,
  sessions: readonly Session[],
): Promise<void> {
  const specs = panesOf(workspace, sessions, undefined)
  await openPanes(roomOf(workspace, home), specs).catch(explainLoss)
}

function roomOf({ tmux, name, paths, keyFiles }: Workspace, home: string): Room {
  const { writeFile } = keyFiles
  return { tmux, workspace: name, runtime: paths.runtimeDir, home, writeFile }
}

/** Not where another one begins, which has said nothing yet: somebody woke the session in this moment. */
function lostItsWorker(workspace: Workspace, { session, pid, asks }: SessionPane): boolean {
  const parsed = readStatus(workspace.paths.statusDir, session)
  if (parsed?.ok !== true || workspace.processes.livenessOf(parsed.status) !== 'gone') return false
  return asks || pid === parsed.status.pid
}

function stored(workspace: Pick<Workspace, 'store'>, id: string): Session {
  const session = getSession(workspace.store, id)
  if (!session) throw new Error(`session ${id} is not in the store`)
  return session
}
