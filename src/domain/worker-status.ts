import type { WaitingFor, WorkerState } from './session.ts'

/** The content of a status file, version 1: what one live worker is doing this moment (docs/status-file.md). */
export interface WorkerStatus {
  v: 1
  session: string
  name: string
  state: WorkerState
  /** Only while `state` is `waiting`. */
  waitingFor: WaitingFor | null
  /** ms since the epoch of the last change of `state`. */
  since: number
  pid: number
  startTime: string
  /** tmux window id, `@7`; null outside tmux. */
  window: string | null
  /** One line of at most 200 characters, for people. */
  detail: string
  /** How many prompts were sent so far: 0 means that nothing was ever said. */
  turn: number
  /** When it goes on, or what was used up is there again: ms since the epoch; only where that is known. */
  until?: number
  /** Another agent whose program it is, `claude`; absent: our own chat, or who knows. */
  agent?: string
  /** What it can tell of itself at all; absent: all of it. */
  declares?: readonly Declared[]
}

/** What a program can tell of itself at all. */
export const declarations = [
  'starting',
  'input',
  'approval',
  'error',
  'processing',
  'interrupt',
  'exited',
] as const
export type Declared = (typeof declarations)[number]

/** Whether this worker waits for a person. */
export function waits(status: WorkerStatus): boolean {
  return status.state === 'waiting' && !isNew(status)
}

/** Whether nothing was ever said in this session: it waits for a first prompt, and that is for nobody. */
export function isNew({ turn, waitingFor }: Pick<WorkerStatus, 'turn' | 'waitingFor'>): boolean {
  return turn === 0 && waitingFor === 'input'
}

/** What a worker says as its last word when its session sleeps on in its pane. */
export const asleep = 'asleep'

/** Whether the worker ended because nobody needed it: its session waits as it did. */
export function fellAsleep({ state, detail }: WorkerStatus): boolean {
  return state === 'exited' && detail === asleep
}
