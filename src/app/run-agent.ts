import { appendFile } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findAgent } from '../agents/agents.ts'
import { describeError } from '../base/errors.ts'
import { showName } from '../sessions/rename-session.ts'
import { claim, settle } from '../sessions/session-claim.ts'
import { watchDirectory } from '../status/watch-statuses.ts'
import { workerLinkPath } from '../status/worker-link.ts'
import { releaseSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { print } from '../text/print.ts'
import { sanitize } from '../text/sanitizer.ts'
import { createStyle } from '../text/style.ts'
import { tmuxDoor } from '../tmux/door.ts'
import { isTypedAt, pasteLine, typingSeconds } from '../tmux/verbs.ts'
import { type AgentWorker, startAgentWorker } from '../worker/agent/agent-worker.ts'
import { runDirectory } from '../worker/agent/run-directory.ts'
import { liveSettings } from '../worker/live/live-settings.ts'
import { namingOf } from '../worker/live/session-settings.ts'
import { signalsOf } from '../worker/signals/session-signals.ts'
import { sessionLink } from '../worker/status/session-link.ts'
import { reporterOf } from '../worker/status/session-reporter.ts'
import type { Invocation } from './invocation.ts'
import { makeWorkspace, startController } from './make-workspace.ts'

export interface AgentRequest {
  session: string
  /** It slept in its pane until now. */
  woken: boolean
  /** Asks in the window until Enter, or until it is left or nobody is to be asked any more. */
  pressEnter(question: string, signal: AbortSignal): Promise<boolean>
}

/** The worker before it in this window may still be about to end, for so long, in ms: a program ends at its leisure. */
const untilFree = 6000
/** How long a new worker gives the controller to take hold of its link, in ms. */
const firstLook = 2000

/**
 * Runs a session that is another agent's program, until that is left.
 * @throws UserError when the conversation is open elsewhere, or there is no such agent
 */
export async function agentMain(
  invocation: Invocation,
  store: Store,
  { session: wanted, woken, pressEnter }: AgentRequest,
): Promise<number> {
  const { env, paths, processes } = invocation
  const me = processes.thisProcess()
  const { session, directory } = settle(
    await claim(store, wanted, me, processes, { patienceMs: untilFree, woken }),
  )
  const { agent, program, args, env: added } = findAgent(session.agent?.name ?? '', invocation.config.agents)
  const log = (words: string): void =>
    appendFile(
      paths.logFile,
      `${new Date(invocation.now()).toISOString()} ${session.name}: ${words}\n`,
      () => {},
    )
  const beside = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => log(describeError(error)))
  const live = liveSettings(invocation, {
    environmentFile: paths.environmentFile,
    complain: ({ message }) => log(message),
  })
  const style = createStyle(false)
  const signals = signalsOf(invocation, store, { session, inWorkspace: true, live, say: log, style })
  const reporter = reporterOf(store, {
    session,
    process: me,
    agent: { agent: session.agent?.name ?? agent.kind, declares: agent.declares },
    statusDir: paths.statusDir,
    complain: log,
    waits: signals.waits,
  })
  const link = sessionLink({
    path: workerLinkPath(paths.workersDir, session.id),
    repeat: reporter.repeat,
    startController: () => startController(invocation),
    beside,
  })
  const tmux = tmuxDoor(undefined, env)
  const pane = env.TMUX_PANE ?? ''

  let worker: AgentWorker | undefined
  for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => worker?.hangup())
  // The terminal's own signals are for the program, which has the terminal.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP'] as const) process.on(signal, () => {})
  worker = startAgentWorker({
    session,
    directory,
    store,
    reporter,
    agent,
    program,
    args: [...args, ...(session.agent?.args ?? [])],
    env: async () => ({ ...(await live()).env, ...added }),
    runDirectory: runDirectory(join(paths.runtimeDir, 'a', session.id.slice(0, 8)), processes),
    watch: (path, changed) => watchDirectory(path, changed, log),
    parentOf: processes.parentOf,
    now: invocation.now,
    async paste(text) {
      if (await isTypedAt(tmux, pane, typingSeconds, invocation.now())) return false
      await pasteLine(tmux, pane, sanitize(text))
      return true
    },
    naming: async () => namingOf((await live()).settings),
    showName: (name) => showName(makeWorkspace(invocation, store), session.id, name),
    appear: () => link.open({ woken: () => worker?.wake(), mayEnd() {} }),
    say: (line) => print(`${line}\n`),
    pressEnter,
    beside,
  })
  beside(sleep(firstLook, undefined, { ref: false }).then(link.revive))
  try {
    return await worker.done
  } finally {
    signals.end()
    link.close()
    await releaseSession(store, session.id, me)
  }
}
