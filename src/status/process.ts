import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { errorCode } from '../domain/errors.ts'
import type { ProcessId } from '../domain/session.ts'

/** `gone` also for a zombie: it will never answer again. `frozen`: stopped by SIGSTOP or a debugger. */
export type Liveness = 'alive' | 'frozen' | 'gone'

/**
 * Whether the very process lives that was recorded: the same pid with another start time is somebody else. Asked of
 * the kernel (/proc on Linux, ps elsewhere), never of a clock.
 */
export function livenessOf({ pid, startTime }: ProcessId): Liveness {
  const found = lookUp(pid)
  if (!found || found.startTime !== startTime || found.state === 'Z' || found.state === 'X') return 'gone'
  return found.state === 'T' || found.state === 't' ? 'frozen' : 'alive'
}

/** This process as others record it. */
export function thisProcess(): ProcessId {
  return processOf(process.pid)
}

/** A process that lives now, as it can be told from a later one with its pid. */
export function processOf(pid: number): ProcessId {
  return { pid, startTime: lookUp(pid)?.startTime ?? 'unknown' }
}

interface Found {
  state: string
  startTime: string
}

function lookUp(pid: number): Found | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

/** proc(5): the command, field 2, is in parentheses and may hold anything; state is field 3, start time field 22. */
function fromProc(pid: number): Found | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined
    throw error
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  return state && startTime ? { state, startTime } : undefined
}

function fromPs(pid: number): Found | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    const [, state, startTime] = /^(\S)\S*\s+(\S.*)$/.exec(line.trim()) ?? []
    return state && startTime ? { state, startTime } : undefined
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined
    throw error
  }
}
