import type { Command, Tmux } from './door.ts'
import { TmuxError } from './door.ts'
import { quote } from './quote.ts'
import { tabCommands } from './status-line.ts'
import { readUserStatus, type UserStatus } from './user-status.ts'
import { target } from './windows.ts'

/** A worker's window to be. `name` is a whitelisted session name: tmux runs commands out of window names. */
export interface WindowSpec {
  session: string
  name: string
  /** undefined: a window without a process, which costs nothing until it is looked at. */
  argv: string[] | undefined
}

/** Writes a private file that tmux then sources, and returns its path. */
export type Stage = (name: string, text: string) => Promise<string>

/** Opens a window for a session behind the others, without going there. Returns its id. */
export async function createWindow(
  tmux: Tmux,
  templates: string,
  workspace: string,
  spec: WindowSpec,
): Promise<string> {
  const user = await readUserStatus(tmux)
  for (let tries = 1; ; tries += 1) {
    const indexes = await tmux.run(['list-windows', '-t', target(workspace), '-F', '#{window_index}'])
    const index = Math.max(...indexes.split('\n').map(Number)) + 1
    const place = target(workspace, String(index))
    try {
      return await tmux.run(
        [
          'new-window',
          '-d',
          '-P',
          '-F',
          '#{window_id}',
          '-t',
          place,
          '-n',
          spec.name,
          '--',
          ...programOf(spec),
        ],
        ...windowOptions(place, spec),
        ...tabCommands(templates, place, user),
      )
    } catch (error) {
      // Another process took the index in between.
      if (!(error instanceof TmuxError && error.reason.includes('in use') && tries < 10)) throw error
    }
  }
}

/**
 * Opens many windows in order, behind the others, as one file that tmux sources: a process for each would take ten
 * times as long, and one command line is not long enough. `stage` writes the file and returns its path.
 */
export async function createWindows(
  tmux: Tmux,
  templates: string,
  workspace: string,
  specs: readonly WindowSpec[],
  stage: Stage,
): Promise<void> {
  const user = await readUserStatus(tmux)
  const indexes = await tmux.run(['list-windows', '-t', target(workspace), '-F', '#{window_index}'])
  const last = Math.max(...indexes.split('\n').map(Number))
  const commands = specs.flatMap((spec, at) =>
    windowCommands(templates, target(workspace, String(last + 1 + at)), spec, user),
  )
  await tmux.run(['source-file', await stage('windows.conf', fileOf(commands))])
}

/** Runs a worker in a window whose worker is gone, or that never had one. */
export async function respawnWindow(tmux: Tmux, pane: string, argv: readonly string[]): Promise<void> {
  await tmux.run(
    ['respawn-pane', '-k', '-t', pane, '--', ...argv],
    ['set-option', '-w', '-u', '-t', pane, '@q_asleep'],
  )
}

/** The commands that open a window at a place, for a file that tmux sources. */
export function windowCommands(
  templates: string,
  place: string,
  spec: WindowSpec,
  user: UserStatus,
  flags: readonly string[] = [],
): Command[] {
  return [
    ['new-window', '-d', ...flags, '-t', place, '-n', spec.name, '--', ...programOf(spec)],
    ...windowOptions(place, spec),
    ...tabCommands(templates, place, user),
  ]
}

/** The commands that make a window a worker's. */
export function windowOptions(window: string, spec: WindowSpec): Command[] {
  const set = (...words: string[]): Command => ['set-option', '-w', '-t', window, ...words]
  return [
    // A program inside the pane cannot rename it, and a dead worker's window stays until it is dealt with.
    set('allow-rename', 'off'),
    set('automatic-rename', 'off'),
    set('remain-on-exit', 'failed'),
    set('@q_session', spec.session),
    set('-F', '@q_pane', '#{pane_id}'),
    ...(spec.argv === undefined ? [set('@q_asleep', '1'), set('-q', 'remain-on-exit-format', '')] : []),
  ]
}

/** What runs in a window; without a worker, a program that ends at once and leaves its window behind, as `remain-on-exit failed` has it. */
export function programOf({ argv }: WindowSpec): readonly string[] {
  return argv ?? ['sh', '-c', 'exit 1']
}

/** Commands as the text of a file that tmux sources. */
export function fileOf(commands: readonly Command[]): string {
  return commands.map((command) => `${command.map(quote).join(' ')}\n`).join('')
}
