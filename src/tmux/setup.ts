import type { Tmux } from './door.ts'
import {
  fileOf,
  programOf,
  type Stage,
  type WindowSpec,
  windowCommands,
  windowOptions,
} from './new-windows.ts'
import { type StatusLine, statusCommands, tabCommands } from './status-line.ts'
import { readingUserStatus, userStatusIn } from './user-status.ts'
import { target } from './windows.ts'

export interface WorkspaceSpec {
  workspace: string
  /** The shell words that run this `q`, for keys that need a process (picker, new session). */
  command: string
  /** For every pane of the session; shown by `show-environment`, so no secrets. */
  environment: Readonly<Record<string, string>>
  /** Cells of the terminal that will attach, if one will. */
  size: { columns: number; rows: number } | undefined
  /** In their order; at least one. */
  windows: readonly WindowSpec[]
  /** The one that is seen first: it begins to start before the others. */
  shown: WindowSpec
  status: StatusLine
  /** Called when the shown window is there; the others wait for what it returns. */
  started(): Promise<void>
}

/**
 * Starts the workspace's tmux session with its windows. Everything that protects it is in the same command line,
 * because a user's `destroy-unattached on` or a program's title would win a race otherwise.
 * @throws TmuxError `duplicate session` when another process was quicker
 */
export async function createWorkspace(
  tmux: Tmux,
  templates: string,
  spec: WorkspaceSpec,
  stage: Stage,
): Promise<void> {
  const session = target(spec.workspace)
  const { shown, windows } = spec
  const size = spec.size ? ['-x', String(spec.size.columns), '-y', String(spec.size.rows)] : []
  const output = await tmux.run(
    ['new-session', '-d', '-s', spec.workspace, '-n', shown.name, ...size, '--', ...programOf(shown)],
    ['set-option', '-t', session, 'destroy-unattached', 'off'],
    ['set-option', '-t', session, '@q_workspace', spec.workspace],
    ['set-option', '-t', session, '@q_command', spec.command],
    ...Object.entries(spec.environment).map(([name, value]) => [
      'set-environment',
      '-t',
      session,
      name,
      value,
    ]),
    ...windowOptions(session, shown),
    ['display-message', '-p', '-t', session, '#{window_index}'],
    ...readingUserStatus,
  )
  const user = userStatusIn(output.slice(output.indexOf('\n') + 1))
  // Whatever becomes of who starts it, what is there now has its corner.
  await tmux.run(
    ...statusCommands(templates, spec.workspace, spec.status, user),
    ...tabCommands(templates, session, user),
  )
  await spec.started()
  const first = Number.parseInt(output, 10)
  const before = windows.indexOf(shown)
  const others = windows.flatMap((window, at) => {
    const place = target(spec.workspace, String(first + at))
    if (at === before) return []
    // The shown window moves up for each that belongs before it.
    return windowCommands(templates, place, window, user, at < before ? ['-b'] : [])
  })
  if (others.length > 0) await tmux.run(['source-file', await stage('windows.conf', fileOf(others))])
}
