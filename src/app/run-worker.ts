import { setTimeout as sleep } from 'node:timers/promises'
import { stayLean } from '../base/v8-flags.ts'
import { clearPlace } from '../config/paths/own-file.ts'
import type { Paths } from '../config/paths/paths.ts'
import { parseName } from '../domain/session-name.ts'
import { promptFilesOf } from '../sessions/files/prompt-files.ts'
import { showName } from '../sessions/rename-session.ts'
import { claim, settle } from '../sessions/session-claim.ts'
import { workerLinkPath } from '../status/worker-link.ts'
import { releaseSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { terminalOpener } from '../terminal/open-terminal.ts'
import { processHost } from '../terminal/process-host.ts'
import type { TextForm } from '../terminal/screen/answer-stream.ts'
import { createStyle, type Style, wantsColour } from '../text/style.ts'
import { TmuxError, tmuxDoor } from '../tmux/door.ts'
import { keepAwake, sleepPane } from '../tmux/open-panes.ts'
import { isLookedAt } from '../tmux/tmux-view.ts'
import { windowOfPane } from '../tmux/verbs.ts'
import { liveSettings } from '../worker/live/live-settings.ts'
import { sessionModel } from '../worker/live/session-model.ts'
import {
  contextLimits,
  keptBackBy,
  namingOf,
  type Trusted,
  toolSettings,
} from '../worker/live/session-settings.ts'
import { signalsOf } from '../worker/signals/session-signals.ts'
import { sessionLink } from '../worker/status/session-link.ts'
import { reporterOf } from '../worker/status/session-reporter.ts'
import { keptCopies } from '../worker/tools/session-copies.ts'
import { createVoice } from '../worker/voice.ts'
import { startWorker, type Worker } from '../worker/worker.ts'
import type { Invocation } from './invocation.ts'
import { makeWorkspace, startController } from './make-workspace.ts'
import { workspaceCommands } from './workspace-commands.ts'

export interface WorkerRequest {
  session: string
  /** In a window of the workspace, as opposed to a plain `q chat`. */
  inWorkspace: boolean
  /** It slept in its pane until now. */
  woken?: boolean | undefined
  firstPrompt: string | undefined
  /** Answers are shown as the text they are, whatever the settings say. */
  plain?: boolean | undefined
  trust?: Trusted | undefined
}

/** How long a new worker gives the controller to take hold of its link, in ms. */
const firstLook = 2000
/** The worker before it in this window may still be about to end, for so long, in ms. */
const untilFree = 1000
/** How long the window is not looked for, in ms: it takes a process, and prompts come first. */
const beforeWindow = 1500

/**
 * Runs one session in this terminal until it is left.
 * @throws UserError when the conversation is open elsewhere
 */
export async function workerMain(
  invocation: Invocation,
  store: Store,
  { session: wanted, inWorkspace, woken = false, firstPrompt, plain = false, trust }: WorkerRequest,
): Promise<number> {
  const { env, paths, processes } = invocation
  const me = processes.thisProcess()
  const { session, directory } = settle(
    await claim(store, wanted, me, processes, { patienceMs: inWorkspace ? untilFree : 0, woken }),
  )

  const colour = wantsColour(process.stdout, env)
  const style = createStyle(colour)
  const voice = createVoice(style)

  const live = liveSettings(invocation, {
    environmentFile: inWorkspace ? paths.environmentFile : undefined,
    complain: voice.complainOfSettings,
  })
  const settings = async () => (await live()).settings
  const keptBack = keptBackBy(settings, session)
  const { provider, model } = sessionModel(store, session, live)

  const signals = signalsOf(invocation, store, { session, inWorkspace, live, say: voice.say, style })
  const reporter = reporterOf(store, {
    session,
    process: me,
    statusDir: inWorkspace ? paths.statusDir : undefined,
    complain: voice.complain,
    waits: signals.waits,
  })
  const link = !inWorkspace
    ? undefined
    : sessionLink({
        path: workerLinkPath(paths.workersDir, session.id),
        repeat: reporter.repeat,
        startController: () => startController(invocation),
        beside: voice.beside,
      })

  let worker: Worker | undefined
  for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => worker?.hangup())
  const openTerminal = await terminalOpener(process.env)
  worker = startWorker({
    session,
    directory,
    store,
    reporter,
    style,
    begins: stayLean(),
    showStats: async () => (await settings()).ui.show_turn_stats,
    form: async () => textForm(style, !colour || plain || (await settings()).ui.plain),
    isLookedAt: () => isSeen(env),
    workspace: inWorkspace ? workspaceCommands(invocation, store, { session, directory }, live) : undefined,
    openTerminal: (events) =>
      openTerminal(process.stdin, process.stdout, events, {
        env: process.env,
        host: processHost(!inWorkspace),
        historyFile: { path: ownHistory(paths), now: invocation.now },
        lineKeys: () => live.last().settings['keys.line'],
      }),
    appear,
    paneSleep: link && env.TMUX_PANE ? { begin: beginSleep, undo: undoSleep } : undefined,
    env: process.env,
    columns: () => process.stdout.columns ?? 80,
    provider,
    model,
    checkName: async (name) => parseName(name, (await settings()).sessions.name_max_length),
    showName: async (name) => {
      if (inWorkspace) await showName(makeWorkspace(invocation, store), session.id, name)
    },
    naming: async () => namingOf(await settings()),
    copy: async (text, terminal) =>
      (await import('../worker/commands/clipboard.ts')).copyText(text, env, terminal),
    files: promptFilesOf(session, env.HOME, keptBack),
    keptBack,
    tools: async () => toolSettings(invocation, await live(), trust),
    contextLimits: async () => contextLimits(await settings()),
    firstPrompt,
    comeBack: (name) => (inWorkspace ? `q mux switch ${name}` : `q chat --resume ${name}`),
  })
  voice.begin(worker.say)

  voice.beside(
    keptCopies(invocation)
      .mend()
      .then((lines) => lines.forEach(voice.say)),
  )
  if (link) {
    voice.beside(sleep(beforeWindow, undefined, { ref: false }).then(findWindow))
    voice.beside(sleep(firstLook, undefined, { ref: false }).then(link.revive))
  }
  try {
    return await worker.done
  } finally {
    voice.end()
    signals.end()
    link?.close()
    await releaseSession(store, session.id, me, worker.sleeps() ? 'slept' : 'exited')
  }

  async function appear(): Promise<void> {
    await link?.open({ woken: () => worker?.wake(), mayEnd: () => worker?.mayEnd() })
  }

  async function beginSleep(): Promise<boolean> {
    try {
      await sleepPane(tmuxDoor(undefined, env), env.TMUX_PANE ?? '')
    } catch (error) {
      if (!(error instanceof TmuxError)) throw error
      return false
    }
    link?.shut()
    return true
  }

  async function undoSleep(): Promise<boolean> {
    if (!(await keepAwake(tmuxDoor(undefined, env), env.TMUX_PANE ?? ''))) return false
    await appear()
    return true
  }

  /** A window that tmux does not tell of is left out of the status: it is found by the session's id all the same. */
  async function findWindow(): Promise<void> {
    if (!env.TMUX_PANE) return
    const window = await windowOfPane(tmuxDoor(undefined, env), env.TMUX_PANE).catch(() => '')
    if (/^@\d+$/.test(window)) reporter.setWindow(window)
  }
}

/** How an answer is shown. One cell is left free at the right, where a terminal may break the line by itself. */
async function textForm(style: Style, plain: boolean): Promise<TextForm> {
  const { createRenderer } = await import('../render/renderer.ts')
  const columns = () => (process.stdout.columns ?? 80) - 1
  const anew = (): TextForm => ({ ...createRenderer({ columns, style, plain }), anew })
  return anew()
}

/** Whether somebody looks at this pane; a terminal without tmux, or one that does not tell, counts as seen. */
async function isSeen(env: NodeJS.ProcessEnv): Promise<boolean> {
  return !env.TMUX_PANE || isLookedAt(tmuxDoor(undefined, env), env.TMUX_PANE).catch(() => true)
}

/** The lines that were typed before; no history that we write is that long. */
function ownHistory({ historyFile }: Paths): string {
  clearPlace(historyFile, 67_108_864, 'the lines that were typed before are in there')
  return historyFile
}
