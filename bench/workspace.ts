import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readInvocation } from '../src/app/invocation.ts'
import { openSharedStore } from '../src/app/shared-store.ts'
import type { WorkerStatus } from '../src/domain/worker-status.ts'
import { insertSession } from '../src/store/sessions.ts'
import type { Store } from '../src/store/store.ts'
import { type ControlConnection, controlConnection } from '../src/tmux/control.ts'
import { tmuxDoor } from '../src/tmux/door.ts'
import { spawnBedrockServer } from '../tests/support/bedrock-process.ts'
import { type Lab, openLab, processesOf } from '../tests/support/lab.ts'
import { thisProcess } from '../tests/support/processes.ts'
import { until } from '../tests/support/until.ts'

const open = new Set<Lab>()

/** A lab for the length of `work`; it is taken away whatever happens. */
export async function withLab<T>(work: (lab: Lab) => Promise<T>, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const lab = openLab(env)
  open.add(lab)
  try {
    return await work(lab)
  } finally {
    await lab.dispose()
    open.delete(lab)
  }
}

/** A lab whose workers talk to a scripted server, which is there as long. */
export async function withModelLab<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  const server = await spawnBedrockServer()
  try {
    return await withLab(work, scriptedModel(server.url))
  } finally {
    await server.close()
  }
}

/** For the end of the whole program in mid-run. */
export async function disposeAll(): Promise<void> {
  await Promise.allSettled([...open].map((lab) => lab.dispose()))
}

/** Starts the workspace with sessions of these names, all at their prompts, the first of them displayed. */
export async function startSessions(lab: Lab, names: readonly string[]): Promise<void> {
  await said(lab, ['mux', '--detach'])
  await until(async () => (await lab.list()).controller)
  const [first = '', ...others] = names
  await said(lab, ['mux', 'rename', 'dev-1', first])
  for (const name of others) await said(lab, ['mux', 'new', name, '--background'])
  for (const name of names) {
    const window = await windowOf(lab, name)
    await until(() => lab.screen(window).includes(`[${name}] q>`))
  }
}

/** Puts open sessions of these names into the store of a workspace that does not run yet. */
export async function storeSessions(lab: Lab, names: readonly string[]): Promise<void> {
  await withStore(lab, (store) =>
    store.write(() => {
      for (const name of names) {
        const facts = { nameSource: 'user', typeSource: 'user', type: 'Development', workspace: 'q' } as const
        insertSession(store, { id: crypto.randomUUID(), name, cwd: lab.home, ...facts })
      }
    }),
  )
}

/** Starts the workspace with so many sessions that came back, the shown one at its prompt. */
export async function restoreSessions(lab: Lab, number: number): Promise<void> {
  await storeSessions(
    lab,
    Array.from({ length: number }, (_, at) => `back-${at}`),
  )
  await said(lab, ['mux', '--detach'])
  await until(async () => (await lab.list()).controller)
  await until(() => /\[back-\d+\] q>/.test(lab.screen()), { patience: 30_000 })
}

/** The environment of a lab for so many sessions. */
export const roomFor = (sessions: number): NodeJS.ProcessEnv => ({
  Q_SESSIONS_MAX_ACTIVE_SESSIONS: String(sessions),
})

/** The store of a lab's workspace, for the length of `work`. */
export async function withStore(lab: Lab, work: (store: Store) => Promise<void>): Promise<void> {
  const place = await readInvocation({ workspace: 'q', socket: lab.socket }, lab.env)
  const store = await openSharedStore(place, () => {})
  await work(store)
  store.close()
}

/** An environment for a worker that talks to a scripted server. The keys are made up: AWS's own documentation has them. */
function scriptedModel(url: string): NodeJS.ProcessEnv {
  return {
    Q_MODEL_PROVIDER: 'bedrock',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  }
}

/** `q WORDS…`, which must succeed. */
export async function said(lab: Lab, words: string[]): Promise<void> {
  const { code, stderr } = await lab.q(words)
  if (code !== 0) throw new Error(`q ${words.join(' ')}: ${stderr}`)
}

export async function windowOf(lab: Lab, name: string): Promise<string> {
  const session = (await lab.list()).sessions.find((candidate) => candidate.name === name)
  if (!session?.window) throw new Error(`Expected a window of session ${name}`)
  return session.window
}

/** `node -e 0` that shows when it ran; it stays, because a window that closes at once is never drawn. */
export function printing(word: string): string {
  return `process.stdout.write('${word}');setInterval(()=>{},1e9)`
}

export function paneProcess(lab: Lab, window: string): number {
  return Number(lab.tmux('display-message', '-p', '-t', window, '#{pane_pid}'))
}

/** Closes a window, and waits until its process has left everything behind. */
export async function endWindow(lab: Lab, window: string): Promise<void> {
  const pid = paneProcess(lab, window)
  lab.tmux('kill-window', '-t', window)
  await until(() => !processesOf(lab.home).includes(pid))
}

/** A tmux session without q mux, on the lab's server, for floors. */
export function startPlainTmux(lab: Lab): string {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'floor', '--', 'cat')
  return 'floor'
}

/** An open control-mode connection: a command over it costs 0.1 ms where a process costs 5 to 10. */
export function connect(lab: Lab, session: string): ControlConnection {
  return controlConnection(tmuxDoor(lab.socket, lab.env).control(`=${session}`), () => {})
}

/** A status file's content as a program of somebody else's writes it: alive, but without a window. */
export function foreignStatus(at: number, fields: Partial<WorkerStatus>): WorkerStatus {
  return {
    v: 1,
    session: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    name: `b-${at}`,
    state: 'waiting',
    waitingFor: 'input',
    since: Date.now(),
    ...thisProcess(),
    window: null,
    detail: '',
    turn: 1,
    ...fields,
  }
}

/** Writes a file under a temporary name; what is returned renames it into place. */
export function stage(directory: string, name: string, text: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const temporary = join(directory, `.${name}.tmp`)
  writeFileSync(temporary, text, { mode: 0o600 })
  return () => renameSync(temporary, join(directory, name))
}

export function stageStatus(lab: Lab, status: WorkerStatus): () => void {
  return stage(lab.statusDir, `${status.session}.json`, JSON.stringify(status))
}
