import { describeError } from '../base/errors.ts'
import { fellAsleep, type WorkerStatus } from '../domain/worker-status.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { readStatus } from '../status/status-files.ts'
import { watchFiles } from '../status/watch-statuses.ts'
import { type ControlConnection, controlConnection } from '../tmux/control.ts'
import { type Tmux, type TmuxDoor, TmuxError } from '../tmux/door.ts'
import { shieldFromHooks } from '../tmux/tmux-hooks.ts'
import { isDisplayed, readView, type SessionPane, type TmuxView, type Window } from '../tmux/tmux-view.ts'
import { reapChildren } from '../tmux/verbs.ts'
import { createDeaths } from './deaths.ts'
import type { Layout } from './options.ts'
import { createPusher } from './pusher.ts'
import { type Event, initialState, isGone, reduce, type State } from './reduce.ts'
import { createSleepers } from './sleepers.ts'
import { titlesGiven, upkeepOf } from './upkeep.ts'
import { type RuntimeDeps, watchRuntime } from './watch-runtime.ts'
import { watchWorkers } from './workers.ts'

/** What the controller works with, handed in by `app/run-controller.ts`. */
export interface ControllerDeps extends RuntimeDeps {
  workspace: string
  tmux: TmuxDoor
  workersDir: string
  processes: ProcessTable
  layout(): Layout
  /** The id of the workspace's tmux session; undefined: it is there no more. */
  findSession(): Promise<string | undefined>
  /** A worker ended without saying so: its window is to say how to get it back. */
  workerDied(session: string, state: State): Promise<void>
  /** A pane that sleeps is looked at: it gets its worker. */
  wake(tmux: Tmux, pane: SessionPane): Promise<void>
  /** How long a session that nobody looks at rests until it sleeps, in ms, as it is now; 0: it does not. */
  restMs(): number
  now(): number
  /** How sessions were left that sleep. */
  asleepOf(sessions: readonly string[]): Map<string, WorkerStatus>
  /** The user moved windows: sessions come back in this order. */
  keepOrder(sessions: readonly string[]): Promise<void>
  /** The configuration changed: takes it to tmux's status line and keys. */
  reload(tmux: Tmux): Promise<void>
  configFile: string
  /** A tmux session was grouped with the workspace, or lost its marks: it becomes one of it. */
  adopt(tmux: Tmux, session: string): Promise<void>
  /** A pane runs a session's worker, or does so no more. */
  mark(tmux: Tmux, pane: SessionPane): Promise<void>
  unmark(tmux: Tmux, pane: string): Promise<void>
  /** A window shows other sessions than before. */
  dress(tmux: Tmux, window: Window, sessions: readonly string[]): Promise<void>
  /** A window shows no session any more. */
  undress(tmux: Tmux, window: Window): Promise<void>
  /** The user's own status line and keys may be others than before: what is around them follows. */
  followUser(tmux: Tmux, view: TmuxView): Promise<void>
  /** The user gave the window of a session another title: it is a name for the session, where it can be one. */
  windowRenamed(tmux: Tmux, session: string, title: string): Promise<void>
}

/** tmux's notifications after which windows or terminals may be others than before. */
const viewChanges = new Set([
  'window-add',
  'window-close',
  'unlinked-window-add',
  'unlinked-window-close',
  'window-renamed',
  'layout-change',
  'window-pane-changed',
  'session-window-changed',
  'client-session-changed',
  'client-detached',
  'sessions-changed',
  'session-changed',
])

/**
 * Keeps tmux's options true to the status files until the workspace's session ends. It owns nothing: killed and started
 * again, it reads everything anew. Resolves `replaced` when another controller has taken over.
 */
export async function runController(deps: ControllerDeps): Promise<'ended' | 'replaced'> {
  // One without a workspace holds no worker's link: letting go of it again would call for the next controller.
  let session = await deps.findSession()
  if (session === undefined) return 'ended'
  let state = initialState
  let connection: ControlConnection | undefined
  /** The tmux session that it is on. */
  let own = ''
  let viewWanted = false
  let order = ''
  let reloaded = Promise.resolve()
  let replaced = false
  let failures = 0
  const reported = new Set<string>()
  const report = (line: string): void => {
    if (reported.size < 1000 && !reported.has(line)) deps.log(line)
    reported.add(line)
  }
  const pusher = createPusher(deps.layout, (error) => ignoreClosed(error, report))
  const lines = watchWorkers(deps.workersDir, deps.processes, (session, pid) => {
    reap()
    // Its last words may be there already and not be told yet: one that said that it leaves did not die.
    const last = readStatus(deps.statusDir, session)
    if (last?.ok) hear(session, last.status)
    if (apply({ type: 'gone', session, pid })) void refreshView()
  })
  const sleepers = createSleepers({ restMs: deps.restMs, now: deps.now, ask: lines.letEnd })
  const tellDeaths = createDeaths((session, state) => {
    void deps.workerDied(session, state).catch((error) => report(describeError(error)))
  })
  const runtime = await watchRuntime(deps, {
    status: take,
    known: () => state.statuses.keys(),
    remade() {
      lines.askAll()
      runtime.readAll()
      void refreshView()
    },
    replaced() {
      replaced = true
      connection?.close()
    },
    going: () => session !== undefined,
    report,
  })
  const configWatch = await watchFiles([deps.configFile], reload, deps.log)
  runtime.readAll()

  for (; session && !replaced; session = await deps.findSession()) {
    const here = session
    await shieldFromHooks(deps.tmux, session).catch((error) => ignoreClosed(error, report))
    const current = controlConnection(deps.tmux.control(session), (event) => {
      // tmux may take our client to another session when its own ends (detach-on-destroy off): there is nothing for it.
      if (event.name === 'session-changed' && event.words[0] !== here) return connection?.close()
      if (event.name === 'session-window-changed') wakeAtOnce(current, event.words[1])
      if (viewChanges.has(event.name)) void refreshView()
    })
    connection = current
    own = session
    pusher.reset(current)
    // Some may have ended while nobody was there to see it.
    reap()
    await refreshView()
    const reason = await current.closed
    connection = undefined
    ;(failures === 0 ? deps.log : report)(`the connection to tmux ended: ${reason}`)
    await deps.sleep(Math.min(50 * 2 ** failures, 1600))
    failures += 1
  }
  pusher.close()
  sleepers.close()
  lines.close()
  await runtime.close()
  await configWatch.close()
  return replaced ? 'replaced' : 'ended'

  /** One after the other: two at once would take each other's keys for the user's. */
  function reload(): void {
    reloaded = reloaded.then(async () => {
      if (connection) await deps.reload(connection).catch((error) => deps.log(describeError(error)))
      pusher.show(state)
      sleepers.reset()
    })
  }

  /**
   * Debian's tmux before 3.6 misses about every second death of a child until another one dies: a window whose worker
   * ended as it should would stay. One that ends at once has tmux look at all of them.
   */
  function reap(): void {
    if (connection) reapChildren(connection).catch((error) => ignoreClosed(error, report))
  }

  function apply(event: Event): boolean {
    const next = reduce(state, event)
    if (next === state) return false
    state = next
    pusher.show(state)
    return true
  }

  function take(session: string, status: WorkerStatus | undefined): void {
    hear(session, status)
    if (status) lines.hold(status)
    sleepers.follow(state)
  }

  function hear(session: string, status: WorkerStatus | undefined): void {
    // It ended to sleep, and waits as it did: it is not gone from the corner for a moment.
    if (status && fellAsleep(status)) {
      knowAsleep([...state.asleep.keys(), session])
      void refreshView()
    }
    apply({ type: 'status', session, status })
  }

  function knowAsleep(sessions: readonly string[]): void {
    const asleep = deps.asleepOf(sessions)
    if (JSON.stringify([...asleep]) !== JSON.stringify([...state.asleep])) apply({ type: 'asleep', asleep })
  }

  /** What happens while tmux is asked asks once more. */
  async function refreshView(): Promise<void> {
    if (viewWanted || !connection) return
    viewWanted = true
    await Promise.resolve()
    viewWanted = false
    try {
      const before = state.view
      apply({ type: 'view', view: await readView(connection, deps.workspace) })
      failures = 0
      sleepers.follow(state)
      await wakeShown(connection)
      for (const { session, title } of titlesGiven(before, state.view))
        await deps.windowRenamed(connection, session, title)
      for (const status of state.statuses.values()) if (!isGone(state, status)) lines.hold(status)
      tellDeaths(state)
      await keepUp(connection)
      // What is kept of the user's keys lies in the runtime directory.
      if (!runtime.isSwept()) await deps.followUser(connection, state.view)
      await keepOrder()
    } catch (error) {
      ignoreClosed(error, report)
    }
  }

  /** What the user moved about is shown as what it is now. */
  async function keepUp(tmux: Tmux): Promise<void> {
    const { adopt, mark, unmark, dress, undress } = upkeepOf(state.view)
    // We are connected to it: it is the workspace, whatever was taken from it.
    if (state.view.members.length === 0) adopt.push(own)
    for (const session of adopt) await deps.adopt(tmux, session)
    for (const pane of mark) await deps.mark(tmux, pane)
    for (const pane of unmark) await deps.unmark(tmux, pane)
    for (const { window, sessions } of dress) await deps.dress(tmux, window, sessions)
    for (const window of undress) await deps.undress(tmux, window)
    if (adopt.length > 0) void refreshView()
  }

  /** Where terminals show the workspace, another window is looked at: what sleeps there is woken before all is read anew. */
  function wakeAtOnce(tmux: Tmux, window: string | undefined): void {
    if (state.view.clients.length === 0) return
    for (const pane of state.view.panes)
      if (pane.asleep && pane.window === window && !pane.hidden)
        deps.wake(tmux, pane).catch((error) => ignoreClosed(error, report))
  }

  /** What is looked at gets its worker, before anything else. */
  async function wakeShown(tmux: Tmux): Promise<void> {
    const asleep = state.view.panes.filter((pane) => pane.asleep)
    knowAsleep(asleep.map(({ session }) => session))
    const shown = asleep.filter((pane) => isDisplayed(state.view, pane))
    for (const pane of shown) await deps.wake(tmux, pane)
    if (shown.length > 0) void refreshView()
  }

  async function keepOrder(): Promise<void> {
    // One that was taken elsewhere keeps its place for its return.
    const sessions = state.view.panes.filter(({ inside }) => inside).map(({ session }) => session)
    if (sessions.join() === order) return
    order = sessions.join()
    await deps.keepOrder(sessions)
  }
}

/** A window that closed between a question and its answer is nothing to report. */
function ignoreClosed(error: unknown, report: (line: string) => void): void {
  if (error instanceof TmuxError) report(error.message)
  else throw error
}
