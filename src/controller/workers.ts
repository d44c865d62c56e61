import type { WorkerStatus } from '../domain/worker-status.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { type HeldLink, holdWorkerLink, workerLinkPath } from '../status/worker-link.ts'

export interface WorkerLines {
  /** Holds the line of the worker that wrote a status, unless it is held already. */
  hold(status: WorkerStatus): void
  /** Asks all workers to say again what they do: their files were swept away. */
  askAll(): void
  /** Tells a session's worker that nobody needs it for now. */
  letEnd(session: string): void
  close(): void
}

/** How often a process whose line closed is looked at again, and after how many ms for the first time; then twice as many. */
const looks = 9
const firstPause = 5

/**
 * Learns of each worker's end from the line that it keeps open. A program that keeps none, as any that writes a status
 * file may, is looked at each time something about it changes.
 */
export function watchWorkers(
  directory: string,
  { livenessOf }: ProcessTable,
  ended: (session: string, pid: number) => void,
): WorkerLines {
  const held = new Map<string, { pid: number; line: HeldLink }>()
  return {
    hold(status) {
      const { session, pid } = status
      const known = held.get(session)
      if (known?.pid === pid) return
      if (livenessOf(status) === 'gone') return ended(session, pid)
      // It says that it leaves, and its line was never held: the end itself is still to come.
      if (status.state === 'exited') return lookAt(status, looks)
      known?.line.close()
      const line = holdWorkerLink(workerLinkPath(directory, session), (reason) => {
        if (held.get(session)?.pid === pid) held.delete(session)
        lookAt(status, reason === 'ENOENT' ? 0 : looks)
      })
      held.set(session, { pid, line })
    },
    askAll() {
      for (const { line } of held.values()) line.wake()
    },
    letEnd: (session) => held.get(session)?.line.letEnd(),
    close() {
      for (const { line } of held.values()) line.close()
    },
  }

  /** The kernel closes a dying process's line a moment before the process itself is gone. */
  function lookAt(status: WorkerStatus, left: number): void {
    if (livenessOf(status) === 'gone') ended(status.session, status.pid)
    else if (left > 0 && !held.has(status.session))
      setTimeout(lookAt, firstPause * 2 ** (looks - left), status, left - 1).unref()
  }
}
