import type {
  ChoiceSource,
  ProcessId,
  Session,
  SessionStatus,
  SessionType,
  WaitingFor,
} from '../../domain/session.ts'
import { type Declared, isNew, type WorkerStatus } from '../../domain/worker-status.ts'
import type { Liveness } from '../../status/process-identity.ts'
import { readAllStatuses } from '../../status/status-files.ts'
import { listOpen } from '../../store/sessions.ts'
import { isDisplayed, paneOf, type SessionPane } from '../../tmux/tmux-view.ts'
import { leftAs } from '../workspace/asleep.ts'
import { viewRunning } from '../workspace/workspace.ts'
import type { Workspace } from '../workspace/workspace-context.ts'

/** A session as people and `--json` see it: the store, the status files and tmux put together. */
export interface SessionView {
  id: string
  name: string
  nameSource: ChoiceSource
  type: SessionType
  status: SessionStatus
  waitingFor: WaitingFor | null
  /** ms since the epoch. */
  since: number
  detail: string
  pid: number | null
  window: string | null
  pane: string | null
  /** In its pane without a process, until it is looked at or prompted. */
  asleep: boolean
  messages: number
  /** How many prompts there were. */
  turn: number
  /** When it goes on, or what was used up is there again: ms since the epoch; null where that is not known. */
  until: number | null
  cwd: string
  lastActive: number
  /** Another agent whose own program runs in it; null: our own chat. */
  agent: string | null
  /** That one's own id of the conversation, once it told one. */
  agentSession: string | null
  /** What the program that runs can tell of itself at all; null: our own chat, which tells everything, or none runs. */
  declares: readonly Declared[] | null
}

/**
 * Open sessions in the order of their windows, also of those that a stopped workspace had; then the rest, newest first.
 * `sessions`: those of the workspace that are open, unless others are wanted.
 */
export async function viewSessions(
  workspace: Workspace,
  sessions: readonly Session[] = listOpen(workspace.store, workspace.name),
): Promise<SessionView[]> {
  const { statuses } = readAllStatuses(workspace.paths.statusDir)
  const view = await viewRunning(workspace)
  const livenessOf = workspace.processes.livenessAmong([
    ...statuses.values(),
    ...sessions.flatMap(({ owner }) => owner ?? []),
  ])
  const views = sessions.map((session) => {
    const status = statuses.get(session.id)
    const pane = view && paneOf(view, session.id)
    const displayed = view !== undefined && pane !== undefined && isDisplayed(view, pane)
    return viewOf(session, status, livenessOf, pane, displayed)
  })
  const place = (of: SessionView): number => view?.panes.findIndex((pane) => pane.session === of.id) ?? -1
  const shown = views.filter((one) => one.window !== null).sort((a, b) => place(a) - place(b))
  const open = new Set(sessions.filter((one) => one.workspace === workspace.name).map(({ id }) => id))
  // The store lists them by their place.
  const stopped = views.filter((one) => one.window === null && one.status !== 'Completed' && open.has(one.id))
  const rest = views.filter((one) => !shown.includes(one) && !stopped.includes(one))
  return [...shown, ...stopped, ...rest.sort((a, b) => b.lastActive - a.lastActive)]
}

function viewOf(
  session: Session,
  status: WorkerStatus | undefined,
  livenessOf: (process: ProcessId) => Liveness,
  pane: SessionPane | undefined,
  displayed: boolean,
): SessionView {
  const liveness = status ? livenessOf(status) : 'gone'
  const base = {
    id: session.id,
    name: session.name,
    nameSource: session.nameSource,
    type: session.type,
    messages: session.messages,
    turn: session.turns,
    until: null,
    cwd: session.cwd,
    lastActive: session.lastActive,
    agent: session.agent?.name ?? null,
    agentSession: session.agent?.conversation ?? null,
    declares: liveness === 'gone' ? null : (status?.declares ?? null),
    window: pane?.window ?? null,
    pane: pane?.id ?? null,
    asleep: pane?.asleep ?? false,
  }
  if (session.status === 'Completed') {
    return {
      ...base,
      status: 'Completed',
      waitingFor: null,
      since: session.since,
      detail: '',
      pid: null,
      window: null,
      pane: null,
      asleep: false,
    }
  }
  if (status && liveness !== 'gone' && status.state !== 'exited') {
    const waiting = status.state === 'waiting'
    return {
      ...base,
      status: displayed ? 'Active' : waiting ? 'WaitingForInput' : 'Processing',
      waitingFor: waiting && isNew(status) ? null : status.waitingFor,
      since: status.since,
      detail: liveness === 'frozen' ? `frozen: kill -CONT ${status.pid} lets it go on` : status.detail,
      pid: status.pid,
      until: status.until ?? null,
    }
  }
  // A window that sleeps is as its session was left: one that waited, waits again.
  const left = leftAs(session)
  if (pane?.asleep && left.waiting) {
    const { waitingFor, since, detail, until = null } = left
    return { ...base, status: 'WaitingForInput', waitingFor, since, detail, until, pid: null }
  }
  // As new as before.
  if (pane?.asleep && session.turns === 0)
    return {
      ...base,
      status: 'WaitingForInput',
      waitingFor: null,
      since: session.since,
      detail: '',
      pid: null,
    }
  return {
    ...base,
    status: 'Paused',
    waitingFor: null,
    since: status?.since ?? session.since,
    detail: pausedReason(session, status, livenessOf, pane),
    pid: null,
  }
}

/** Why an open session has no worker. */
function pausedReason(
  session: Session,
  status: WorkerStatus | undefined,
  livenessOf: (process: ProcessId) => Liveness,
  pane: SessionPane | undefined,
): string {
  if (pane?.asleep) return ''
  if (pane?.dead && pane.death) return `its worker ended: ${pane.death}`
  // Its program ended, and its worker asks in its window whether to bring it back.
  if (status?.state === 'exited' && livenessOf(status) !== 'gone') return status.detail
  if (status && status.state !== 'exited') return `its worker died while it was ${status.state}`
  if (session.owner && livenessOf(session.owner) !== 'gone')
    return `open elsewhere, process ${session.owner.pid}`
  return ''
}
