import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkerStatus } from '../src/domain/status.ts'
import { thisProcess } from '../src/status/process.ts'
import { type ControlConnection, controlConnection } from '../src/tmux/control.ts'
import { tmuxDoor } from '../src/tmux/door.ts'
import { type Lab, openLab } from '../tests/support/lab.ts'
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
