import { UserError } from '../../base/errors.ts'
import type { Session } from '../../domain/session.ts'
import { requireRoomForLinks, wakeWorker, workerLinkPath } from '../../status/worker-link.ts'
import { addWorkspaceEvent } from '../../store/events.ts'
import { completeSession, listOpen } from '../../store/sessions.ts'
import { TmuxError } from '../../tmux/door.ts'
import type { KeptWindow, PaneSpec } from '../../tmux/open-panes.ts'
import { createWorkspace, EndedAtOnce } from '../../tmux/setup.ts'
import type { StatusLine } from '../../tmux/status-line.ts'
import { installKeys } from '../../tmux/tmux-keys.ts'
import { type Member, paneOf, readView, type SessionPane } from '../../tmux/tmux-view.ts'
import { createSession, openSessions, panesOf } from '../open-session.ts'
import { clearName, requireStartable } from './in-the-way.ts'
import { rememberServer, requireGone } from './tmux-server.ts'
import { findRunning, viewRunning } from './workspace.ts'
import type { Workspace } from './workspace-context.ts'

export interface StartRequest {
  /** Where a first session works. @throws UserError where that is gone */
  cwd(): string
  size: { columns: number; rows: number } | undefined
  /** A tmux session that has its name, and that q mux did not make, is given another one. */
  takeOver?: boolean
  /** Called as soon as there is something to attach to; the other windows follow. */
  shown?(): void
}

/** What `q mux` found or did. */
export interface Started {
  /** The workspace ran already. */
  running: boolean
  /** Sessions that got their windows back. */
  restored: number
  /** The user's settings in tmux that may end a workspace which no terminal shows. */
  endings: readonly string[]
  /** What tmux calls the workspace. */
  called: string
  /** What the tmux session is called now that was in its place. */
  setAside: string | undefined
}

/**
 * Sees to it that the workspace runs: its tmux session, a window for each open session, the keys and the controller.
 * Safe to call at any time and from several processes at once; what is there stays as it is.
 */
export async function startWorkspace(workspace: Workspace, request: StartRequest): Promise<Started> {
  const running = await findRunning(workspace)
  const elsewhere = running ? [] : ((await viewRunning(workspace))?.panes ?? [])
  if (running) requireOwnVersion(workspace, running)
  else requireRoomForLinks(workspace.paths.workersDir)
  const { called, setAside } = running
    ? { called: running.name, setAside: undefined }
    : await clearName(workspace, request.takeOver === true)
  if (!running && elsewhere.length === 0 && !workspace.settings.sessions.persist_sessions)
    await closeAll(workspace)
  const kept = listOpen(workspace.store, workspace.name)
  const open = kept.length > 0 ? kept : [(await createSession(workspace, { cwd: request.cwd() })).session]
  const restored = running ? await openMissing(workspace, running, open) : kept.length
  let endings: readonly string[] = []
  if (running) {
    await bindKeys(workspace)
    request.shown?.()
    workspace.startController()
  } else endings = await create(workspace, request, { called, open, elsewhere })
  return { running: running !== undefined, restored, endings, called, setAside }
}

async function bindKeys({ tmux, settings, keyFiles }: Workspace): Promise<void> {
  await installKeys(tmux, settings.keys, keyFiles)
}

/** Windows that are gone come back; returns how many. */
async function openMissing(workspace: Workspace, { id }: Member, open: readonly Session[]): Promise<number> {
  const view = await readView(workspace.tmux, workspace.name)
  const missing = open.filter((session) => paneOf(view, session.id) === undefined)
  await openSessions(workspace, id, missing)
  return missing.length
}

/** @throws UserError when an earlier version of q mux started it: that one marked windows, and panes are marked now */
function requireOwnVersion({ name }: Workspace, { runtime }: Member): void {
  if (runtime !== '') return
  throw new UserError(`the workspace ${name} was started by an earlier version of q mux`, {
    hint: 'restart it, its sessions come back: q mux stop, then q mux',
  })
}

/** With `persist_sessions` off, sessions end with the workspace; what was said in them is kept. */
async function closeAll({ store, name }: Workspace): Promise<void> {
  for (const { id } of listOpen(store, name)) await completeSession(store, id)
}

/** The part of the configuration that the status line is made from. */
export function statusLineOf({ settings }: Pick<Workspace, 'settings'>): StatusLine {
  const { show_session_indicator, indicator_position, indicator_layout, max_indicator_sessions } = settings.ui
  return {
    show: show_session_indicator,
    position: indicator_position,
    layout: indicator_layout,
    names: max_indicator_sessions,
  }
}

/**
 * A new session right after the last server's end fails now and then: it is tried again. Returns the user's settings that
 * may end it.
 */
async function create(
  workspace: Workspace,
  request: StartRequest,
  {
    called,
    open,
    elsewhere,
  }: { called: string; open: readonly Session[]; elsewhere: readonly SessionPane[] },
): Promise<string[]> {
  // What the user did last is what they see first.
  const last = open.toSorted((a, b) => b.lastActive - a.lastActive)[0]
  const all = windowsOf(panesOf(workspace, open, last), elsewhere)
  const windows = [...new Set(all)]
  const shown = last && all[open.indexOf(last)]
  if (!shown) throw new Error('a workspace starts with a session')
  // Otherwise it is here, as far as it is anywhere.
  if (elsewhere.length === 0) await requireGone(workspace)
  let seen = false
  for (let tries = 1; ; tries += 1) {
    try {
      const spec = {
        ...workspace.memberFacts(),
        called,
        size: request.size,
        windows,
        shown,
        status: statusLineOf(workspace),
        async started() {
          seen = true
          request.shown?.()
          await bindKeys(workspace)
          workspace.startController()
          if (windows.length > 1 && 'session' in shown) await untilUp(workspace, shown.session)
        },
      }
      const { tmux, keyFiles } = workspace
      const endings = await createWorkspace(tmux, spec, keyFiles.writeFile)
      await rememberServer(workspace)
      await addWorkspaceEvent(workspace.store, workspace.name, 'started')
      return endings
    } catch (error) {
      if (error instanceof EndedAtOnce && !seen) throw endedAtOnce(workspace, error.endings)
      if (!(error instanceof TmuxError)) throw error
      // Somebody else, as a plugin that restores, has just made one of that name.
      if (/duplicate session/.test(error.reason)) await requireStartable(workspace)
      // Who left at once has left: nothing is made again.
      if (seen && !(await findRunning(workspace))) return error instanceof EndedAtOnce ? error.endings : []
      if (seen || !error.noServer) throw error
      if (tries >= 20) throw serverGone(error)
    }
    await workspace.sleep(25)
  }
}

/**
 * In the order of sessions, the window of each: a new one, or the one that its pane is in. The workspace's tmux session went
 * and left those with panes in others; several may share one.
 */
function windowsOf(panes: readonly PaneSpec[], elsewhere: readonly SessionPane[]): (PaneSpec | KeptWindow)[] {
  const windows = new Map<string, KeptWindow>()
  return panes.map((spec) => {
    const pane = elsewhere.find(({ session }) => session === spec.session)
    if (!pane) return spec
    const window = windows.get(pane.window) ?? { window: pane.window }
    windows.set(pane.window, window)
    return window
  })
}

/**
 * Called where the workspace is to go on without a terminal.
 * @throws UserError when tmux has taken it away
 */
export async function requireStaying(workspace: Workspace, { endings }: Started): Promise<void> {
  if (!(await findRunning(workspace))) throw endedAtOnce(workspace, endings)
}

function endedAtOnce({ name }: Workspace, endings: readonly string[]): UserError {
  const why = endings.length > 0 ? `${endings.join('; ')}: ` : ''
  return new UserError(`tmux took the workspace ${name} away as soon as it was there`, {
    hint: `${why}have your tmux.conf set destroy-unattached and exit-unattached for the sessions that you mean`,
  })
}

function serverGone({ reason }: TmuxError): UserError {
  return new UserError(`the tmux server ends as soon as it starts: ${reason}`, {
    hint: 'see whether tmux starts by itself: tmux new-session -d; with tmux 3.3, window-size manual in tmux.conf ends it',
  })
}

/** The session that is seen first has the machine to itself until its prompt is up, or for so long, in ms. */
const headStart = 600

async function untilUp({ paths, sleep, now }: Workspace, session: string): Promise<void> {
  const line = workerLinkPath(paths.workersDir, session)
  const end = now() + headStart
  while (now() < end && !(await wakeWorker(line))) await sleep(10)
}
