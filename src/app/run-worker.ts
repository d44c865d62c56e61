import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, errorCode } from '../base/errors.ts'
import { stayLean } from '../base/v8-flags.ts'
import { clearPlace } from '../config/paths/own-file.ts'
import type { Paths } from '../config/paths/paths.ts'
import { parseName } from '../domain/session-name.ts'
import { promptFilesOf } from '../sessions/files/prompt-files.ts'
import { showName } from '../sessions/rename-session.ts'
import { claim, settle } from '../sessions/session-claim.ts'
import { openWorkerLink, type WorkerLink, workerLinkPath } from '../status/worker-link.ts'
import { releaseSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { terminalOpener } from '../terminal/open-terminal.ts'
import { processHost } from '../terminal/process-host.ts'
import type { TextForm } from '../terminal/screen/answer-stream.ts'
import { oneLine } from '../text/plain-text.ts'
import { sanitize } from '../text/sanitizer.ts'
import { createStyle, wantsColour } from '../text/style.ts'
import { tmuxDoor } from '../tmux/door.ts'
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
import { providerOf } from '../worker/live/turn-provider.ts'
import { createReviver } from '../worker/revive.ts'
import { signalsOf } from '../worker/signals/session-signals.ts'
import { reporterOf } from '../worker/status/session-reporter.ts'
import { keptCopies } from '../worker/tools/session-copies.ts'
import { startWorker, type Worker } from '../worker/worker.ts'
import type { Invocation } from './invocation.ts'
import { makeWorkspace, startController } from './make-workspace.ts'
import { workspaceCommands } from './workspace-commands.ts'

export interface WorkerRequest {
  session: string
  /** In a window of the workspace, as opposed to a plain `q chat`. */
  inWorkspace: boolean
  firstPrompt: string | undefined
  /** Answers are shown as the text they are, whatever the settings say. */
  plain?: boolean | undefined
  trust?: Trusted | undefined
}

/** How long a new worker gives the controller to take hold of its line, in ms. */
const firstLook = 2000
/** How long the window is not looked for, in ms: it takes a process, and prompts come first. */
const beforeWindow = 1500

/**
 * Runs one session in this terminal until it is left.
 * @throws UserError when the conversation is open elsewhere
 */
export async function workerMain(
  invocation: Invocation,
  store: Store,
  request: WorkerRequest,
): Promise<number> {
  const me = invocation.processes.thisProcess()
  const { inWorkspace } = request
  const { session, directory } = settle(await claim(store, request.session, me, invocation.processes))
  const { paths } = invocation
  const reporter = reporterOf(store, {
    session,
    process: me,
    statusDir: inWorkspace ? paths.statusDir : undefined,
    complain: (words) => say(style.red(sanitize(words))),
    waits: (status) => signals.waits(status),
  })
  const colour = wantsColour(process.stdout, invocation.env)
  const style = createStyle(colour)
  let worker: Worker | undefined
  let line: WorkerLink | undefined
  let ended = false
  const say = (words: string) => {
    if (!ended) worker?.say(words)
  }
  /** What goes wrong beside the session is said; the session goes on. */
  const beside = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => say(style.dim(`(${oneLine(describeError(error))})`)))
  const live = liveSettings(invocation, {
    environmentFile: inWorkspace ? paths.environmentFile : undefined,
    complain({ message, hint }) {
      say(style.red(sanitize(message)))
      say(
        style.dim(`  ${hint ? `${sanitize(hint)} ` : ''}Until then the settings from before stay in force.`),
      )
    },
  })
  let lineKeys = invocation.config.settings['keys.line']
  const settings = async () => {
    const { settings } = await live()
    lineKeys = settings['keys.line']
    return settings
  }
  const keptBack = keptBackBy(settings, session)
  const signals = signalsOf(invocation, store, { session, inWorkspace, live, say, style })
  const model = sessionModel(
    store,
    session,
    async () => (await settings()).model.id,
    () => provider,
  )
  const provider = providerOf(live, model.chosen)
  const revive = createReviver({
    missing: () => !ended && !line?.held(),
    async start() {
      // The runtime directory may have gone with the controller: the next one finds us by what lies there.
      const isThere = await renewed(line)
      if (!isThere) return false
      reporter.repeat()
      startController(invocation)
      return true
    },
    sleep: (ms, signal) =>
      sleep(ms, undefined, { ref: false, signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      }),
    random: Math.random,
  })
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
    // One cell is left free at the right, where a terminal may break the line by itself.
    async form() {
      const { plain } = (await settings()).ui
      const { createRenderer } = await import('../render/renderer.ts')
      const columns = () => (process.stdout.columns ?? 80) - 1
      const options = { columns, style, plain: !colour || plain || request.plain === true }
      const anew = (): TextForm => ({ ...createRenderer(options), anew })
      return anew()
    },
    async isLookedAt() {
      const pane = invocation.env.TMUX_PANE
      return !pane || isLookedAt(tmuxDoor(undefined, invocation.env), pane).catch(() => true)
    },
    workspace: inWorkspace ? workspaceCommands(invocation, store, { session, directory }, live) : undefined,
    openTerminal: (events) =>
      openTerminal(process.stdin, process.stdout, events, {
        env: process.env,
        host: processHost(!inWorkspace),
        historyFile: ownHistory(paths),
        lineKeys: () => lineKeys,
      }),
    async appear() {
      if (!inWorkspace) return
      line = await openWorkerLink(workerLinkPath(paths.workersDir, session.id), {
        woken: () => {
          if (line) beside(line.renew())
          worker?.wake()
        },
        dropped: () => beside(revive()),
      })
    },
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
      (await import('../worker/commands/clipboard.ts')).copyText(text, invocation.env, terminal),
    files: promptFilesOf(session, invocation.env.HOME, keptBack),
    keptBack,
    tools: async () => toolSettings(invocation, await live(), request.trust),
    contextLimits: async () => contextLimits(await settings()),
    firstPrompt: request.firstPrompt,
    comeBack: (name) => (inWorkspace ? `q mux switch ${name}` : `q chat --resume ${name}`),
  })
  beside(
    keptCopies(invocation)
      .mend()
      .then((lines) => lines.forEach(say)),
  )
  if (inWorkspace) {
    beside(sleep(beforeWindow, undefined, { ref: false }).then(findWindow))
    beside(sleep(firstLook, undefined, { ref: false }).then(revive))
  }
  try {
    return await worker.done
  } finally {
    ended = true
    signals.end()
    line?.close()
    await releaseSession(store, session.id, me)
  }

  /** A window that tmux does not tell of is left out of the status: it is found by the session's id all the same. */
  async function findWindow(): Promise<void> {
    const pane = invocation.env.TMUX_PANE
    if (!pane) return
    const window = await windowOfPane(tmuxDoor(undefined, invocation.env), pane).catch(() => '')
    if (/^@\d+$/.test(window)) reporter.setWindow(window)
  }
}

/** The lines that were typed before; no history that we write is that long. */
function ownHistory({ historyFile }: Paths): string {
  clearPlace(historyFile, 67_108_864, 'the lines that were typed before are in there')
  return historyFile
}

/** Whether a worker's link is where it belongs; its directory may be one that cannot be made for now. */
async function renewed(line: WorkerLink | undefined): Promise<boolean> {
  try {
    await line?.renew()
    return true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
