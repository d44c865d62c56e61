import type { ProcessId, Session } from '../../domain/session.ts'
import type { WorkerStatus } from '../../domain/worker-status.ts'
import { countTurns } from '../../store/messages.ts'
import { setSessionStatus } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { statusWriter } from './status-writer.ts'

interface ReporterOf {
  session: Session
  process: ProcessId
  /** Another agent whose program it is. */
  agent?: Pick<WorkerStatus, 'agent' | 'declares'>
  /** Where status files lie; undefined in a plain chat, which has none. */
  statusDir: string | undefined
  waits(status: WorkerStatus): void
  /** Hears, in words, that the status cannot be written. */
  complain(words: string): void
}

/** Says what a worker does in its status file and in the store. */
export function reporterOf(
  store: Store,
  { session, process, agent, statusDir, waits, complain }: ReporterOf,
): Reporter {
  let kept = { status: session.status, waitingFor: session.waitingFor, since: session.since }
  return createReporter({
    session: session.id,
    name: session.name,
    process,
    agent,
    turns: () => countTurns(store, session.id),
    write: statusDir === undefined ? () => {} : statusWriter(statusDir, complain),
    async keep(status, { waitingFor, since, detail, until }) {
      // Coming back as it was left writes nothing: the prompt does not wait for the disk.
      const known = kept.status === status && kept.waitingFor === waitingFor && kept.since === since
      if (known || (status === 'Paused' && kept.status === status)) return
      kept = { status, waitingFor, since }
      await setSessionStatus(store, session.id, { ...kept, detail, until })
    },
    waits,
    now: store.now,
  })
}
