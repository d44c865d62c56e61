import { execFileSync } from 'node:child_process'
import { errorCode, UserError } from '../base/errors.ts'
import { type FoundProcess, type ProcessTable, processTable } from './process-identity.ts'

/**
 * By ps, where there is no /proc: macOS and the BSDs. The start time is in words, in UTC and to the second; a pid comes
 * again only after all the others, so that is enough. `path`: the directories that are searched for ps, as in PATH. Throws
 * UserError where there is none.
 */
export function psTable(path: string): ProcessTable {
  return processTable((pids) => {
    // One pid that this system cannot have would spoil the answer for the others: many are picked out of all.
    const which = pids.length === 1 ? ['-p', String(pids[0])] : ['-A']
    // Each column has an -o of its own: BSD takes all that follows a `=` for a heading, commas too.
    return readLines(ps([...columns, ...which], path), new Set(pids))
  })
}

const columns = ['-o', 'pid=', '-o', 'ppid=', '-o', 'stat=', '-o', 'lstart=']

function ps(words: string[], path: string): string {
  try {
    return execFileSync('ps', words, {
      encoding: 'utf8',
      // Nothing else of the environment: a time zone, a language and ps's own variables change its words.
      env: { PATH: path, LC_ALL: 'C', TZ: 'UTC0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 67_108_864,
    })
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if (error instanceof Error && 'status' in error && error.status === 1) return ''
    if (errorCode(error) !== 'ENOENT') throw error
    throw new UserError('there is no ps to tell which processes live', {
      hint: 'install it (procps), or mount /proc',
      cause: error,
    })
  }
}

function readLines(lines: string, wanted: ReadonlySet<number>): Map<number, FoundProcess> {
  const found = new Map<number, FoundProcess>()
  for (const line of lines.split('\n')) {
    const [pid, parent, stat, ...lstart] = line.split(' ').filter((word) => word !== '')
    const startTime = lstart.join(' ')
    const state = stat?.charAt(0)
    if (state && startTime !== '' && wanted.has(Number(pid)))
      found.set(Number(pid), { state, startTime, parent: Number(parent) })
  }
  return found
}
