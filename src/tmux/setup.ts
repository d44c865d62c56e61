import type { Command, Tmux } from './door.ts'
import { TmuxError } from './door.ts'
import { quote } from './quote.ts'
import { templateCommands } from './templates.ts'
import { target } from './windows.ts'

export type IndicatorPosition = 'top-right' | 'top-left' | 'bottom-right' | 'bottom-left'

export interface StatusLine {
  show: boolean
  position: IndicatorPosition
  layout: 'inline' | 'stacked'
  /** Most names shown at once. */
  names: number
}

/** A worker's window to be. `name` is a whitelisted session name: tmux runs commands out of window names. */
export interface WindowSpec {
  session: string
  name: string
  /** undefined: a window without a process, which costs nothing until it is looked at. */
  argv: string[] | undefined
}

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

/** Writes a private file that tmux then sources, and returns its path. */
export type Stage = (name: string, text: string) => Promise<string>

/** The corner, as tmux draws it: the controller sets the options, the width of each client decides what is shown. */
export const cornerFormat = '#{?@q_waiting,#{E:@q_corner} ,}'

/** More cells than a corner of nine names takes. */
const cornerLength = 200

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
  await spec.started()
  const user = userStatusIn(output.slice(output.indexOf('\n') + 1))
  const first = Number.parseInt(output, 10)
  const before = windows.indexOf(shown)
  const others = windows.flatMap((window, at) => {
    const place = target(spec.workspace, String(first + at))
    if (at === before) return []
    // The shown window moves up for each that belongs before it.
    return windowCommands(templates, place, window, user, at < before ? ['-b'] : [])
  })
  await tmux.run(
    ...statusCommands(templates, spec.workspace, spec.status, user),
    ...tabCommands(templates, session, user),
    ...(others.length > 0 ? [['source-file', await stage('windows.conf', fileOf(others))]] : []),
  )
}

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

function windowCommands(
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

function fileOf(commands: readonly Command[]): string {
  return commands.map((command) => `${command.map(quote).join(' ')}\n`).join('')
}

/** Runs a worker in a window whose worker is gone, or that never had one. */
export async function respawnWindow(tmux: Tmux, pane: string, argv: readonly string[]): Promise<void> {
  await tmux.run(
    ['respawn-pane', '-k', '-t', pane, '--', ...argv],
    ['set-option', '-w', '-u', '-t', pane, '@q_asleep'],
  )
}

/** A program that ends at once and leaves its window behind, as `remain-on-exit failed` has it. */
function programOf({ argv }: WindowSpec): readonly string[] {
  return argv ?? ['sh', '-c', 'exit 1']
}

/** What the user's own status line and tabs are: the server's global options, which are read and never set. */
export interface UserStatus {
  right: string
  left: string
  rightLength: number
  leftLength: number
  /** The whole first status line: windows, left and right. */
  firstLine: string
  tab: string
  currentTab: string
}

export async function readUserStatus(tmux: Tmux): Promise<UserStatus> {
  return userStatusIn(await tmux.run(...readingUserStatus))
}

const fence = '%q-mux%'
const fenced = (command: Command): Command[] => [command, ['display-message', '-p', fence]]

const readingUserStatus: Command[] = [
  ...['status-right', 'status-left', 'status-right-length', 'status-left-length', 'status-format[0]'].flatMap(
    (name) => fenced(['show-options', '-gv', name]),
  ),
  ...['window-status-format', 'window-status-current-format'].flatMap((name) =>
    fenced(['show-options', '-gwv', name]),
  ),
]

function userStatusIn(output: string): UserStatus {
  const [right = '', left = '', rightLength, leftLength, firstLine = '', tab = '', currentTab = ''] =
    output.split(new RegExp(`\\n?${fence}\\n?`))
  return {
    right,
    left,
    rightLength: Number(rightLength) || 40,
    leftLength: Number(leftLength) || 10,
    firstLine,
    tab,
    currentTab,
  }
}

/**
 * The commands that give the workspace's session its status line, made from the files of `tmux/`. They first take back
 * what was set before: the configuration may have changed.
 */
export function statusCommands(
  templates: string,
  workspace: string,
  status: StatusLine,
  user: UserStatus,
): Command[] {
  const session = target(workspace)
  const own = (name: string): Command => ['set-option', '-u', '-t', session, name]
  const clean = [
    'status',
    'status-position',
    'status-format',
    'status-left',
    'status-left-length',
    'status-right',
    'status-right-length',
  ].map(own)
  if (!status.show) return clean
  const [position = 'top', side = 'right'] = status.position.split('-')
  if (status.layout === 'stacked') {
    const lines = String(stackedLines(status.names) + 1)
    const words = { session, position, align: side, lines, first: user.firstLine }
    return [...clean, ...templateCommands(templates, 'stacked.conf', words)]
  }
  const before = cornerFormat + (side === 'left' ? user.left : user.right)
  const length = String((side === 'left' ? user.leftLength : user.rightLength) + cornerLength)
  const words = { session, position, status: `status-${side}`, before, length }
  return [...clean, ...templateCommands(templates, 'status.conf', words)]
}

/** How many waiting sessions the stacked layout shows: tmux has five status lines, and the first has the windows. */
export function stackedLines(names: number): number {
  return Math.min(4, names)
}

/** The commands that put a mark into a window's tab, behind the user's own format. */
export function tabCommands(templates: string, window: string, user: UserStatus): Command[] {
  // tmux's own format ends in a blank where a window has no flags.
  const mark = '#{?@q_mark,#{?window_flags, ,}#{@q_mark},}'
  return templateCommands(templates, 'tabs.conf', {
    window,
    tab: user.tab + mark,
    current_tab: user.currentTab + mark,
  })
}

function windowOptions(window: string, spec: WindowSpec): Command[] {
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
