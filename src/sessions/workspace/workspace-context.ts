import type { Paths } from '../../config/paths/paths.ts'
import type { Settings } from '../../config/settings.ts'
import type { AgentSettings } from '../../domain/named-settings.ts'
import type { ProcessTable } from '../../status/process-identity.ts'
import type { Store } from '../../store/store.ts'
import type { Tmux } from '../../tmux/door.ts'
import type { MemberFacts } from '../../tmux/setup.ts'
import type { KeyFiles } from '../../tmux/tmux-keys.ts'

/** What every operation on sessions works with; made in one place, `app/make-workspace.ts`. */
export interface Workspace {
  name: string
  paths: Paths
  settings: Settings
  /** As the configuration sets them up. */
  agents: readonly AgentSettings[]
  store: Store
  processes: ProcessTable
  tmux: Tmux
  /** Another server, by its socket's path. */
  tmuxOn(socket: string): Tmux
  keyFiles: KeyFiles
  /** The program that a window runs for a session; `woken`: for one that slept there. */
  workerArgv(session: string, woken?: boolean): string[]
  /** What every tmux session of the workspace carries. */
  memberFacts(): MemberFacts
  /** Starts the controller as a process of its own, unless one is there. */
  startController(): void
  newId(): string
  now(): number
  sleep(ms: number): Promise<void>
}
