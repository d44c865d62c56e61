import { spawn } from 'node:child_process'
import { appendFile, closeSync, openSync, renameSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../base/errors.ts'
import { packageFiles } from '../base/package-files.ts'
import { clearPlace } from '../config/paths/own-file.ts'
import type { WorkerStatus } from '../domain/worker-status.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import type { Store } from '../store/store.ts'
import { type TmuxDoor, tmuxDoor } from '../tmux/door.ts'
import type { MemberFacts } from '../tmux/setup.ts'
import { shellQuote } from '../tmux/tmux-quote.ts'
import type { Invocation } from './invocation.ts'
import { keyFilesOf } from './key-bindings.ts'

/** Puts together what operations on sessions need. */
export function makeWorkspace(
  invocation: Invocation,
  store: Store,
  tmux: TmuxDoor = tmuxDoor(invocation.socket, invocation.env),
): Workspace {
  return {
    name: invocation.name,
    paths: invocation.paths,
    settings: invocation.config.settings,
    agents: invocation.config.agents,
    store,
    processes: invocation.processes,
    tmux,
    tmuxOn: (socket) => tmuxDoor(socket, invocation.env),
    keyFiles: keyFilesOf(invocation.paths, tmux),
    workerArgv: (session, woken) => workerArgv(invocation, session, woken ? { woken: 'yes' } : {}),
    memberFacts: () => memberFacts(invocation),
    startController: () => startController(invocation),
    newId: () => crypto.randomUUID(),
    now: invocation.now,
    sleep: (ms) => sleep(ms),
  }
}

/** What every tmux session of the workspace carries. */
export function memberFacts(invocation: Invocation): MemberFacts {
  const { runtimeDir } = invocation.paths
  return {
    workspace: invocation.name,
    runtime: runtimeDir,
    environment: paneEnvironment(invocation),
    command: `Q_RUNTIME=${[runtimeDir, process.execPath, packageFiles.entry].map(shellQuote).join(' ')}`,
  }
}

/** The program of a session's window. One flag is worth having: 10 MB less in a long conversation, for 7 % more CPU. */
export function workerArgv(invocation: Invocation, session: string, after: After = {}): string[] {
  return [
    process.execPath,
    '--max-semi-space-size=1',
    packageFiles.entry,
    'worker',
    session,
    ...selectionWords(invocation),
    ...Object.entries(after).flatMap(([name, value]) => [`--${name}`, value]),
  ]
}

/** Why a worker is started in a pane that had one: its session was woken, or the last one died in a state. */
interface After {
  woken?: 'yes'
  died?: WorkerStatus['state']
}

/**
 * Starts a controller as a process of its own, in a session of its own, its words in the workspace's log. Starting one
 * too many does no harm: it finds the lock taken and ends.
 */
export function startController(invocation: Invocation): void {
  const log = openSync(logFile(invocation), 'a', 0o600)
  try {
    const child = spawn(
      process.execPath,
      ['--max-semi-space-size=1', packageFiles.entry, 'mux', 'controller', ...selectionWords(invocation)],
      {
        cwd: '/',
        detached: true,
        env: invocation.env,
        stdio: ['ignore', log, log],
      },
    )
    child.on('error', (error) => {
      const words = `${new Date().toISOString()} no controller could be started: ${describeError(error)}\n`
      // Where that fails, too, the workspace has no controller, as doctor and list say.
      appendFile(invocation.paths.logFile, words, () => {})
    })
    child.unref()
  } finally {
    closeSync(log)
  }
}

/** Beyond a megabyte a new one is begun; the last one is kept beside it. */
function logFile({ paths }: Invocation): string {
  clearPlace(paths.logFile, Number.POSITIVE_INFINITY, 'what was logged is in there')
  const size = statSync(paths.logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > 1_048_576) renameSync(paths.logFile, `${paths.logFile}.old`)
  return paths.logFile
}

/** By which `q mux` typed in a pane of the workspace finds it, also where the tmux server has another environment. */
function paneEnvironment({ env, name }: Invocation): Record<string, string> {
  const places = Object.entries(env).filter(
    (entry): entry is [string, string] => /^XDG_\w+_(HOME|DIR)$/.test(entry[0]) && entry[1] !== undefined,
  )
  return { ...Object.fromEntries(places), Q_WORKSPACE: name }
}

/** The hidden words by which a process of ours finds its workspace again, whatever its environment. */
function selectionWords(invocation: Invocation): string[] {
  const socket = invocation.socket ?? invocation.env.TMUX?.split(',')[0]
  return [
    '--workspace',
    invocation.name,
    '--runtime',
    invocation.paths.runtimeDir,
    ...(socket ? ['--socket', socket] : []),
  ]
}
