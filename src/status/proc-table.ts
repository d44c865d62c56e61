import { readFileSync } from 'node:fs'
import { errorCode } from '../base/errors.ts'
import { type FoundProcess, type ProcessTable, processTable } from './process-identity.ts'

/** By the files below /proc, which Linux has. The start time is in clock ticks since the machine started. */
export function procTable(): ProcessTable {
  return processTable(
    (pids) =>
      new Map(
        pids.flatMap((pid): [number, FoundProcess][] => {
          const found = lookUp(pid)
          return found ? [[pid, found]] : []
        }),
      ),
  )
}

/** proc(5): the command, field 2, is in parentheses and may hold anything; state is field 3, the parent field 4, start time field 22. */
function lookUp(pid: number): FoundProcess | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined
    throw error
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent, startTime] = [fields[0], fields[1], fields[19]]
  return state && startTime ? { state, startTime, parent: Number(parent) } : undefined
}
