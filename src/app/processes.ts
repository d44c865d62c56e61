import { existsSync } from 'node:fs'
import { procTable } from '../status/proc-table.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { psTable } from '../status/ps-table.ts'

/** The processes of this machine, read in the way that it has: /proc, or the system's own ps before another of that name. */
export function hostProcesses(env: NodeJS.ProcessEnv): ProcessTable {
  return existsSync('/proc/self/stat') ? procTable() : psTable(`/bin:/usr/bin:${env.PATH ?? ''}`)
}
