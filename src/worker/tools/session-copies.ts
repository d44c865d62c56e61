import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import type { ProcessId } from '../../domain/session.ts'
import type { ProcessTable } from '../../status/process-identity.ts'
import type { Copies } from '../../tools/files/kept-copies.ts'
import type { SessionHost } from '../live/session-host.ts'

/** The copies of all sessions, in a private directory, each named after the process that writes the file. */
export function keptCopies({ paths, processes }: Pick<SessionHost, 'paths' | 'processes'>): Copies {
  const directory = join(paths.stateDir, 'writes')
  return {
    directory,
    get owner() {
      return ownerOf(processes.thisProcess())
    },
    async mend() {
      // Nearly always there is none.
      if (!(await hasEntries(directory))) return []
      const { mendFiles } = await import('../../tools/files/mend-files.ts')
      return mendFiles({ directory, owner: this.owner, isGone: (owner) => isGone(processes, owner) })
    },
  }
}

function ownerOf({ pid, startTime }: ProcessId): string {
  return `${pid}_${startTime.replaceAll(/\W/g, '-')}`
}

function isGone(processes: ProcessTable, owner: string): boolean {
  const pid = Number(/^(\d+)_/.exec(owner)?.[1])
  if (!pid) return false
  const now = processes.processOf(pid)
  return ownerOf(now) !== owner || processes.livenessOf(now) === 'gone'
}

async function hasEntries(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length > 0
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
