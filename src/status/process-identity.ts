import type { ProcessId } from '../domain/session.ts'

/** `gone` also for a zombie: it will never answer again. `frozen`: stopped by SIGSTOP or a debugger. */
export type Liveness = 'alive' | 'frozen' | 'gone'

/**
 * The processes of this machine as its kernel tells of them, never a clock. Handed in: how to ask the kernel is the only
 * thing that differs, see `procTable` and `psTable`.
 */
export interface ProcessTable {
  /** Whether the very process lives that was recorded: the same pid with another start time is somebody else. */
  livenessOf(process: ProcessId): Liveness
  /** The same for many in one look, of which each can then be asked for. */
  livenessAmong(processes: readonly ProcessId[]): (process: ProcessId) => Liveness
  /** This process as others record it. */
  thisProcess(): ProcessId
  /** A process that lives now, as it can be told from a later one with its pid; start time `unknown` when there is none. */
  processOf(pid: number): ProcessId
  /** The process that has it for a child now; undefined when there is no such process. */
  parentOf(pid: number): number | undefined
}

/** What a kernel says of one process. */
export interface FoundProcess {
  /** The first letter of its state, the same on all systems: `Z` a zombie, `X` dead, `T` and `t` stopped. */
  state: string
  /** The same text for the same process for as long as it lives, whoever asks. Its form is the reader's own. */
  startTime: string
  parent: number
}

/** Looks up processes by their pids; those that are not there are left out. */
export type ReadProcesses = (pids: readonly number[]) => ReadonlyMap<number, FoundProcess>

export function processTable(read: ReadProcesses): ProcessTable {
  let own: ProcessId | undefined
  const look = (pids: readonly number[]): ReadonlyMap<number, FoundProcess> => {
    const asked = [...new Set(pids)].filter((pid) => Number.isSafeInteger(pid) && pid > 0)
    return asked.length === 0 ? new Map() : read(asked)
  }
  const processOf = (pid: number): ProcessId => ({
    pid,
    startTime: look([pid]).get(pid)?.startTime ?? 'unknown',
  })
  const livenessAmong: ProcessTable['livenessAmong'] = (processes) => {
    const found = look(processes.map(({ pid }) => pid))
    return (process) => liveness(process, found.get(process.pid))
  }
  return {
    livenessOf: (process) => livenessAmong([process])(process),
    livenessAmong,
    thisProcess: () => (own ??= processOf(process.pid)),
    processOf,
    parentOf: (pid) => look([pid]).get(pid)?.parent,
  }
}

function liveness({ startTime }: ProcessId, found: FoundProcess | undefined): Liveness {
  if (!found || found.startTime !== startTime || found.state === 'Z' || found.state === 'X') return 'gone'
  return found.state === 'T' || found.state === 't' ? 'frozen' : 'alive'
}
