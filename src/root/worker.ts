import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import { UserError } from '../domain/errors.ts'
import { parseName } from '../domain/name.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { ProcessId, Session } from '../domain/session.ts'
import { createStyle, wantsColour } from '../domain/style.ts'
import type { Provider } from '../provider/provider.ts'
import { closeSession } from '../sessions/close.ts'
import { findSession } from '../sessions/find.ts'
import { goToSession } from '../sessions/go.ts'
import { createSession } from '../sessions/open.ts'
import { promptFilesOf } from '../sessions/prompt-files.ts'
import { showName } from '../sessions/rename.ts'
import { sessionLines } from '../sessions/table.ts'
import { viewSessions } from '../sessions/view.ts'
import { type Line, linePath, openLine } from '../status/line.ts'
import { livenessOf, thisProcess } from '../status/process.ts'
import { claimSession, getSession, releaseSession, setSessionStatus } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { openTerminal } from '../terminal/terminal.ts'
import { tmuxDoor } from '../tmux/door.ts'
import type { WorkspaceCommands } from '../worker/commands/command.ts'
import type { Naming } from '../worker/namer.ts'
import { createReporter } from '../worker/reporter.ts'
import type { ContextLimits } from '../worker/sight/model-context.ts'
import type { ToolSettings } from '../worker/tools.ts'
import { startWorker, type Worker } from '../worker/worker.ts'
import { processHost } from './host.ts'
import { keptLists } from './kept-lists.ts'
import { stayLean } from './lean.ts'
import { type Live, type LiveSettings, liveSettings } from './live-settings.ts'
import { modelSettings } from './model.ts'
import { type Place, packageFiles } from './place.ts'
import { sessionModel } from './session-model.ts'
import { signalsOf } from './signals.ts'
import { statusWriter } from './status-writer.ts'
import { makeWorkspace, startController } from './workspace.ts'

export interface WorkerRequest {
  session: string
  /** In a window of the workspace, as opposed to a plain `q chat`. */
  inWorkspace: boolean
  firstPrompt: string | undefined
  /** Answers are shown as the text they are, whatever the settings say. */
  plain?: boolean | undefined
  /** Trusted on the command line. */
  trust?: { rules: readonly string[]; all: boolean } | undefined
}

/** How long a new worker gives the controller to take hold of its line, in ms. */
const firstLook = 2000

/**
 * Runs one session in this terminal until it is left.
 * @throws UserError when the conversation is open elsewhere
 */
export async function workerMain(place: Place, store: Store, request: WorkerRequest): Promise<number> {
  const me = thisProcess()
  const session = await claim(store, request.session, me)
  process.chdir(startDirectory(session.cwd))
  const { statusDir, workersDir } = place.paths
  let kept = { status: session.status, waitingFor: session.waitingFor, since: session.since }
  const reporter = createReporter({
    session: session.id,
    name: session.name,
    process: me,
    turns: session.messages,
    write: request.inWorkspace
      ? statusWriter(statusDir, (words) => say(style.red(sanitize(words))))
      : () => {},
    async keep(status, waitingFor, since) {
      // Coming back as it was left writes nothing: the prompt does not wait for the disk.
      const known = kept.status === status && kept.waitingFor === waitingFor && kept.since === since
      if (known || (status === 'Paused' && kept.status === status)) return
      kept = { status, waitingFor, since }
      await setSessionStatus(store, session.id, kept)
    },
    waits: (status) => signals.waits(status),
    now: Date.now,
  })
  const colour = wantsColour(process.stdout, place.env)
  const style = createStyle(colour)
  let worker: Worker | undefined
  let line: Line | undefined
  let ended = false
  let reviving = false
  const say = (words: string) => {
    if (!ended) worker?.say(words)
  }
  const live = liveSettings(place, {
    environmentFile: request.inWorkspace ? place.paths.environmentFile : undefined,
    complain({ message, hint }) {
      say(style.red(sanitize(message)))
      say(
        style.dim(`  ${hint ? `${sanitize(hint)} ` : ''}Until then the settings from before stay in force.`),
      )
    },
  })
  const signals = signalsOf(place, store, {
    session: session.id,
    inWorkspace: request.inWorkspace,
    live,
    say,
    style,
  })
  const configured = async () => (await live()).settings.model.id
  const model = sessionModel(store, session, configured, () => provider)
  const provider = providerOf(live, model.chosen)
  for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => worker?.hangup())
  worker = startWorker({
    session,
    store,
    reporter,
    style,
    answered: stayLean(),
    showStats: async () => (await live()).settings.ui.show_turn_stats,
    // One cell is left free at the right, where a terminal may break the line by itself.
    async form() {
      const { plain } = (await live()).settings.ui
      return (await import('../render/renderer.ts')).createRenderer({
        columns: () => (process.stdout.columns ?? 80) - 1,
        style,
        plain: !colour || plain || request.plain === true,
      })
    },
    workspace: request.inWorkspace ? workspaceCommands(place, store, session, live) : undefined,
    openTerminal: (events) =>
      openTerminal(process.stdin, process.stdout, events, {
        env: process.env,
        host: processHost(!request.inWorkspace),
        historyFile: place.paths.historyFile,
      }),
    async appear() {
      if (!request.inWorkspace) return
      line = await openLine(linePath(workersDir, session.id), {
        poked: () => {
          void line?.renew()
          worker?.poke()
        },
        dropped: () => void revive(),
      })
    },
    env: process.env,
    columns: () => process.stdout.columns ?? 80,
    provider,
    model,
    checkName: async (name) => parseName(name, (await live()).settings.sessions.name_max_length),
    showName: async (name) => {
      if (request.inWorkspace) await showName(makeWorkspace(place, store), session.id, name)
    },
    naming: async () => namingOf((await live()).settings),
    copy: async (text, terminal) => (await import('./clipboard.ts')).copyText(text, place.env, terminal),
    files: promptFilesOf(session, place.env.HOME),
    tools: async () => toolSettings(place, await live(), request.trust),
    contextLimits: async () => contextLimits((await live()).settings),
    firstPrompt: request.firstPrompt,
    comeBack: (name) => (request.inWorkspace ? `q mux switch ${name}` : `q chat --resume ${name}`),
  })
  // After the prompt, and those of sessions that come back with it: it takes a process.
  if (request.inWorkspace) void sleep(400, undefined, { ref: false }).then(findWindow)
  if (request.inWorkspace) void sleep(firstLook, undefined, { ref: false }).then(revive)
  try {
    return await worker.done
  } finally {
    ended = true
    signals.end()
    line?.close()
    await releaseSession(store, session.id, me)
  }

  async function findWindow(): Promise<void> {
    const pane = place.env.TMUX_PANE
    if (!pane) return
    const window = await tmuxDoor(undefined, place.env)
      .run(['display-message', '-p', '-t', pane, '#{window_id}'])
      .catch(() => '')
    if (/^@\d+$/.test(window)) reporter.setWindow(window)
  }

  /**
   * The controller is gone: whoever waits shortest starts a new one, the others find it there. One that dies before it
   * holds a line would be missed by nobody, so it is looked at again, with longer and longer pauses.
   */
  async function revive(): Promise<void> {
    if (reviving) return
    reviving = true
    for (let pause = 800; pause < 60_000 && !ended && !line?.held(); pause *= 2) {
      await sleep(Math.random() * pause, undefined, { ref: false })
      if (ended || line?.held()) break
      // The runtime directory may have gone with the controller: the next one finds us by what lies there.
      await line?.renew()
      reporter.repeat()
      startController(place)
      await sleep(pause, undefined, { ref: false })
    }
    reviving = false
  }
}

/** @throws UserError when another living process has the conversation */
export async function claim(store: Store, id: string, me: ProcessId): Promise<Session> {
  const owner = await claimSession(store, id, me, (other) => livenessOf(other) !== 'gone')
  const session = getSession(store, id)
  if (!session) throw new UserError(`there is no session ${id}`, { hint: 'see the list: q mux list --all' })
  if (!owner) return session
  const frozen = livenessOf(owner) === 'frozen' ? ', which is frozen' : ''
  throw new UserError(`${session.name} is open already, in process ${owner.pid}${frozen}`, {
    hint: session.workspace ? `go there: q mux switch ${session.name}` : `see it: ps -p ${owner.pid}`,
  })
}

/** How sessions get their names; undefined: by hand. */
export function namingOf({ sessions }: Settings): Naming | undefined {
  if (!sessions.auto_generate_names) return undefined
  return { maxLength: sessions.name_max_length, withModel: sessions.name_with_model }
}

/** What tools may do now. */
export function toolSettings(
  { paths }: Place,
  { settings, servers }: Live,
  trust: WorkerRequest['trust'],
): ToolSettings {
  const { allow, deny, timeout_s: timeout } = settings.tools
  return {
    allow: [...allow, ...(trust?.rules ?? [])],
    deny,
    timeout,
    trustAll: trust?.all ?? false,
    servers,
    lists: keptLists(join(paths.stateDir, 'mcp')),
  }
}

/** The session's own directory, or the present one when that is gone. */
export function startDirectory(cwd: string): string {
  return statSync(cwd, { throwIfNoEntry: false })?.isDirectory() ? cwd : process.cwd()
}

export function contextLimits({ model }: Settings): ContextLimits {
  const { context_window: window, auto_compact: autoCompact } = model
  return { window: window === 0 ? undefined : window, autoCompact }
}

function workspaceCommands(
  place: Place,
  store: Store,
  session: Session,
  live: LiveSettings,
): WorkspaceCommands {
  const workspace = makeWorkspace(place, store)
  const style = createStyle(wantsColour(process.stdout, place.env))
  return {
    views: () => viewSessions(workspace),
    async list(all) {
      const views = await viewSessions(workspace, all)
      return [
        style.bold(all ? 'All Sessions:' : 'Active Sessions:'),
        ...sessionLines(views, session.id, workspace.now(), style, process.stdout.columns),
      ]
    },
    switchTo: (name) => goToSession(workspace, findSession(workspace, name)),
    async create({ name, type }) {
      const { settings } = await live()
      const created = await createSession({ ...workspace, settings }, { name, type, cwd: process.cwd() })
      await goToSession(workspace, created)
      return created.name
    },
    close: (name) => closeSession(workspace, findSession(workspace, name)),
  }
}

/**
 * The provider for each turn: chosen again when the environment that `q mux` keeps, the config file, or the session's
 * `model` is another.
 */
export function providerOf(
  live: LiveSettings,
  model: () => string | undefined,
): () => Promise<{ provider: Provider; notice: string | undefined }> {
  let current: { provider: Provider; stamp: string; label: string } | undefined
  return async () => {
    const { stamp: read, settings, env } = await live()
    const id = model()
    const stamp = `${read},${id}`
    if (current && current.stamp === stamp && current.provider.name !== 'guide')
      return { provider: current.provider, notice: undefined }
    const { provider, notice } = await (await import('../provider/choose.ts')).chooseProvider(
      { ...modelSettings(settings), ...(id === undefined ? {} : { id }) },
      env,
      { docs: packageFiles.docs },
    )
    const label = `${provider.label}${notice}`
    const news = current?.label === label ? undefined : notice || `model: ${provider.label}`
    current = { provider, stamp, label }
    return { provider, notice: news }
  }
}
