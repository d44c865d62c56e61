import type { ProcessId, SessionStatus, WaitingFor, WorkerState } from '../../domain/session.ts'
import { isNew, type WorkerStatus } from '../../domain/worker-status.ts'
import { oneLine } from '../../text/plain-text.ts'

export interface Reporter {
  /** A change of state, or new words for the same one. `since`: when it began, if that was not now. `quiet`: whoever made it wait is there. */
  report(
    state: WorkerState,
    facts?: { waitingFor?: WaitingFor; detail?: string; until?: number; since?: number; quiet?: boolean },
  ): Promise<void>
  /** The name changed. */
  rename(name: string): Promise<void>
  /** The tmux window was found out. */
  setWindow(window: string): void
  /** Writes the file again as it is: somebody swept it away. */
  repeat(): void
}

export interface ReporterDeps {
  session: string
  name: string
  process: ProcessId
  /** Another agent whose program it is. */
  agent?: Pick<WorkerStatus, 'agent' | 'declares'> | undefined
  /** How many prompts the conversation has now. */
  turns(): number
  /** Writes the status file; nothing in a plain chat. */
  write(status: WorkerStatus): void
  /** A wait begins: there is an answer, a question or an error that was not there before. */
  waits?(status: WorkerStatus): void
  /** Keeps the status in the store, where it is found after a reboot. */
  keep(status: SessionStatus, said: WorkerStatus): Promise<void>
  now(): number
}

/** Says what the worker does this moment: in its status file first, which the corner shows, then in the store. */
export function createReporter(deps: ReporterDeps): Reporter {
  let status: WorkerStatus = {
    v: 1,
    session: deps.session,
    name: deps.name,
    state: 'starting',
    waitingFor: null,
    since: deps.now(),
    pid: deps.process.pid,
    startTime: deps.process.startTime,
    window: null,
    detail: '',
    turn: deps.turns(),
    ...deps.agent,
  }

  return {
    async report(state, { waitingFor = null, detail = '', until, since: as, quiet = false } = {}) {
      const same = state === status.state && waitingFor === status.waitingFor
      const begins = state === 'waiting' && !same && !quiet && status.state !== 'starting'
      const since = as ?? (same ? status.since : deps.now())
      const { until: _, ...before } = status
      status = {
        ...before,
        state,
        waitingFor,
        since,
        detail: oneLine(detail),
        turn: deps.turns(),
        ...(until === undefined ? {} : { until }),
      }
      deps.write(status)
      if (begins) deps.waits?.(status)
      const kept = storeStatus(status)
      if (kept) await deps.keep(kept, status)
    },
    async rename(name) {
      if (name === status.name) return
      status = { ...status, name }
      deps.write(status)
    },
    setWindow(window) {
      status = { ...status, window }
      deps.write(status)
    },
    repeat() {
      status = { ...status, turn: deps.turns() }
      deps.write(status)
    },
  }
}

/** What the store keeps of a state: a session that waited, waits again after a reboot. */
function storeStatus(status: WorkerStatus): SessionStatus | undefined {
  if (status.state === 'processing') return 'Processing'
  if (status.state === 'waiting') return isNew(status) ? 'Paused' : 'WaitingForInput'
  return undefined
}
