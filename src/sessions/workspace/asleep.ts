import type { Session, WaitingFor } from '../../domain/session.ts'
import type { WorkerStatus } from '../../domain/worker-status.ts'

/** How a session was left when its last worker ended. */
export type LeftAs =
  | { waiting: false }
  | { waiting: true; waitingFor: WaitingFor; since: number; detail: string; until?: number }

/** A session that waited, waits again; one that was cut off in mid-answer or at an approval waits for a decision. */
export function leftAs(session: Session): LeftAs {
  const { status, waitingFor, since } = session
  if (status === 'Processing')
    return { waiting: true, waitingFor: 'error', since, detail: 'cut off in mid-answer' }
  // The question went with its worker: nothing is there to be approved any more.
  if (waitingFor === 'approval')
    return { waiting: true, waitingFor: 'error', since, detail: 'cut off before a tool was approved' }
  if (status !== 'WaitingForInput' || waitingFor === null) return { waiting: false }
  const { detail, until } = session
  return { waiting: true, waitingFor, since, detail, ...(until === null ? {} : { until }) }
}

/** The same as a status, for a session whose window sleeps: it has no process. */
export function asleepStatus(session: Session): WorkerStatus {
  const left = leftAs(session)
  return {
    v: 1,
    session: session.id,
    name: session.name,
    state: left.waiting ? 'waiting' : 'exited',
    waitingFor: left.waiting ? left.waitingFor : null,
    since: left.waiting ? left.since : session.since,
    pid: 0,
    startTime: '',
    window: null,
    detail: left.waiting ? left.detail : '',
    turn: session.turns,
    ...(left.waiting && left.until !== undefined ? { until: left.until } : {}),
  }
}
