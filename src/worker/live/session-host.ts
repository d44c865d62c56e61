import type { Config } from '../../config/file/load-config.ts'
import type { Paths } from '../../config/paths/paths.ts'
import type { ProcessTable } from '../../status/process-identity.ts'

/** What a session knows of the command that runs it: its environment, files, settings, and the workspace's name. */
export interface SessionHost {
  env: NodeJS.ProcessEnv
  name: string
  paths: Paths
  config: Config
  processes: ProcessTable
}
