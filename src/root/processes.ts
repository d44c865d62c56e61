import { existsSync } from 'node:fs'
import { procTable } from '../status/proc-table.ts'
import type { ProcessTable } from '../status/process.ts'
import { psTable } from '../status/ps-table.ts'

/** The processes of this machine, read in the way that it has. */
export function hostProcesses(env: NodeJS.ProcessEnv = process.env): ProcessTable {
  // The system's own ps, whatever else of that name the user has.
  return existsSync('/proc/self/stat') ? procTable() : psTable(`/bin:/usr/bin:${env.PATH ?? ''}`)
}
