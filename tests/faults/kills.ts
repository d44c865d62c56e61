import { readInvocation } from '../../src/app/invocation.ts'
import { makeWorkspace } from '../../src/app/make-workspace.ts'
import { openSharedStore } from '../../src/app/shared-store.ts'
import { textOf } from '../../src/domain/message.ts'
import { validHistory } from '../../src/domain/valid-history.ts'
import { createSession, openSession } from '../../src/sessions/open-session.ts'
import { sendPrompt } from '../../src/sessions/send-prompt.ts'
import { findController } from '../../src/sessions/workspace/controller-file.ts'
import { startWorkspace } from '../../src/sessions/workspace/start-workspace.ts'
import { stopWorkspace } from '../../src/sessions/workspace/stop-workspace.ts'
import type { Workspace } from '../../src/sessions/workspace/workspace-context.ts'
import { readAllStatuses } from '../../src/status/status-files.ts'
import { readMessages } from '../../src/store/messages.ts'
import { countPrompts } from '../../src/store/prompts.ts'
import { listOpen } from '../../src/store/sessions.ts'
import { controllersIn, workersIn } from '../controller/program.ts'
import { endProcess, type Lab, openLab, processesOf } from '../support/lab.ts'
import { livenessOf } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { moveAtRandom, panesOf } from './moves.ts'

export interface Toll {
  /** Prompts that were acknowledged. */
  acknowledged: number
  /** Of these, those that are not in the conversation exactly once. */
  lost: string[]
  doubled: string[]
  integrity: string
  workerKills: number
  allKills: number
  /** Prompts that were still queued after the last kill, and how long it took to answer them, in s. */
  queued: number
  drained: number
  /** How often each thing was done to the workspace by tmux's own commands. */
  moves: Record<string, number>
  /** What there is two of in the end, or none, and processes that outlive stop. */
  strays: string[]
}

/**
 * Sends prompts to sessions whose workers are killed at random moments, now and then together with tmux server and
 * controller, while their panes, windows and tmux sessions are renamed and moved about, and counts what became of what was
 * acknowledged. `signal` ends it early; what it started ends with it.
 */
export async function killAtRandom(
  workerKills: number,
  allKills: number,
  log: (line: string) => void,
  signal = new AbortController().signal,
): Promise<Toll> {
  const lab = openLab()
  try {
    const workspace = await open(lab)
    await startWorkspace(workspace, { cwd: () => lab.home, size: undefined })
    for (let number = 1; number < 4; number += 1) {
      const { session } = await createSession(workspace, { name: `victim-${number}`, cwd: lab.home })
      await openSession(workspace, session)
    }
    const acknowledged: string[] = []
    const moves: Record<string, number> = {}
    const everything = new Set(
      Array.from({ length: allKills }, (_, at) => Math.floor(((at + 1) * workerKills) / (allKills + 1))),
    )
    for (let round = 0; round < workerKills; round += 1) {
      signal.throwIfAborted()
      const sessions = listOpen(workspace.store, 'q')
      const session = sessions[round % sessions.length]
      if (!session) throw new Error('no session is open')
      await openSession(workspace, session)
      const token = `token-${round}-end`
      await sendPrompt(workspace, session, `tell me about ${token} and the corner`)
      acknowledged.push(token)
      for (let at = Math.random() * 3; at > 0; at -= 1) {
        const move = moveAtRandom(lab, () => findController(workspace)?.pid)
        moves[move] = (moves[move] ?? 0) + 1
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
      if (everything.has(round)) await killEverything(lab, workspace)
      else killWorker(workspace, session.id)
      if ((round + 1) % 50 === 0) log(`${round + 1} of ${workerKills} kills`)
    }
    const drain = await drained(workspace, log, signal)
    const toll = count(workspace, acknowledged)
    const strays = await straysOf(lab, workspace)
    workspace.store.close()
    return { ...toll, workerKills, allKills, ...drain, moves, strays }
  } finally {
    await lab.dispose()
  }
}

async function open(lab: Lab): Promise<Workspace> {
  const invocation = await readInvocation({ workspace: 'q', socket: lab.socket }, lab.env)
  return makeWorkspace(invocation, await openSharedStore(invocation, () => {}))
}

function killWorker(workspace: Workspace, id: string): void {
  const status = readAllStatuses(workspace.paths.statusDir).statuses.get(id)
  if (status && livenessOf(status) !== 'gone') process.kill(status.pid, 'SIGKILL')
}

async function killEverything(lab: Lab, workspace: Workspace): Promise<void> {
  const workers = [...readAllStatuses(workspace.paths.statusDir).statuses.values()].filter(
    (status) => livenessOf(status) !== 'gone',
  )
  const server = Number(lab.tmux('display-message', '-p', '#{pid}'))
  const controller = findController(workspace)?.pid
  for (const pid of [server, controller, ...workers.map((status) => status.pid)]) if (pid) endProcess(pid)
  await until(
    async () => (await startWorkspace(workspace, { cwd: () => lab.home, size: undefined })) !== undefined,
  )
}

/**
 * Lets every session take what is still queued for it. A session answers one prompt after the other at the guide's pace,
 * some 1.6 s each, and on a busy machine a worker is killed before it took any: a queue may be as long as it likes, but
 * it must get shorter.
 */
async function drained(workspace: Workspace, log: (line: string) => void, signal: AbortSignal) {
  const sessions = listOpen(workspace.store, 'q')
  const start = performance.now()
  const left = (): number => sessions.reduce((sum, { id }) => sum + countPrompts(workspace.store, id), 0)
  const queued = left()
  log(`${queued} prompts still queued`)
  for (const session of sessions) await openSession(workspace, session)
  for (let before = queued; before > 0; before = left()) {
    await until(() => signal.aborted || left() < before, { what: `the next of ${before} queued prompts` })
    signal.throwIfAborted()
  }
  return { queued, drained: Math.round((performance.now() - start) / 1000) }
}

/** Each open session has one pane and one worker, and there is one controller; none of them outlives stop. */
async function straysOf(lab: Lab, workspace: Workspace): Promise<string[]> {
  const sessions = listOpen(workspace.store, 'q')
  for (const session of sessions) await openSession(workspace, session)
  const running = (): string[] => {
    const panes = panesOf(lab).map(({ session }) => session)
    const workers = workersIn(processesOf(lab.home)).length
    const controllers = controllersIn(processesOf(lab.home)).length
    return [
      ...sessions
        .map(({ id, name }) => ({ name, panes: panes.filter((session) => session === id).length }))
        .flatMap(({ name, panes }) => (panes === 1 ? [] : [`${name} has ${panes} panes`])),
      ...(workers === sessions.length ? [] : [`${workers} workers of ${sessions.length} sessions`]),
      ...(controllers === 1 ? [] : [`${controllers} controllers`]),
    ]
  }
  await until(() => running().length === 0).catch(() => {})
  const strays = running()
  const { left } = await stopWorkspace(workspace)
  const ours = (): number[] => [workersIn, controllersIn].flatMap((which) => which(processesOf(lab.home)))
  await until(() => ours().length === 0).catch(() => {})
  return [
    ...strays,
    ...left.map((pid) => `${pid} did not end`),
    ...ours().map((pid) => `${pid} outlives stop`),
  ]
}

function count(workspace: Workspace, acknowledged: readonly string[]) {
  const said: string[] = []
  for (const session of listOpen(workspace.store, 'q')) {
    const messages = readMessages(workspace.store, session.id)
    for (const message of messages) if (message.role === 'user') said.push(textOf(message))
    const roles = validHistory(messages).map((message) => message.role)
    if (roles.some((role, at) => role !== (at % 2 === 0 ? 'user' : 'assistant')))
      throw new Error(`${session.name} is not valid`)
  }
  const times = (token: string): number => said.filter((text) => text.includes(token)).length
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((token) => times(token) === 0),
    doubled: acknowledged.filter((token) => times(token) > 1),
    integrity: String(workspace.store.db.pragma('integrity_check', { simple: true })),
  }
}
