import type { Command, Tmux } from './door.ts'
import { templateCommands } from './templates.ts'
import { maxLines, type UserStatus } from './user-status.ts'

type IndicatorPosition = 'top-right' | 'top-left' | 'bottom-right' | 'bottom-left'

export interface StatusLine {
  show: boolean
  position: IndicatorPosition
  layout: 'inline' | 'stacked'
  /** Most names shown at once. */
  names: number
}

/** The corner, as tmux draws it: the controller sets the options, the width of each client decides what is shown. */
export const cornerFormat = '#{?@q_waiting,#{E:@q_corner} ,}'

/** More cells than a corner of nine names takes. */
const cornerLength = 200

/**
 * The commands that give a session of the workspace its status line, made from the files of `tmux/`. They first take back
 * what was set before: the configuration may have changed.
 */
export function statusCommands(
  /** `$3`. */
  session: string,
  status: StatusLine,
  user: UserStatus,
): Command[] {
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
    return [...clean, ...stackedCommands({ session, position, align: side }, status.names, user)]
  }
  const before = cornerFormat + (side === 'left' ? user.left : user.right)
  const length = String((side === 'left' ? user.leftLength : user.rightLength) + cornerLength)
  const words = { session, position, status: `status-${side}`, before, length }
  // The user's own number of lines stays, unless it is none.
  const on = user.lines === 0 ? [['set-option', '-t', session, 'status', 'on']] : []
  return [...clean, ...on, ...templateCommands('status.conf', words)]
}

/** Whether the lines that the user has show what stands before their own status-left or status-right, or the corner by itself. */
export function showsCorner(
  { formats, lines }: Pick<UserStatus, 'formats' | 'lines'>,
  option: 'status-left' | 'status-right',
): boolean {
  const shown = formats.slice(0, Math.max(1, lines))
  return shown.some((format) => [option, '@q_corner', '@q_waiting'].some((name) => format.includes(name)))
}

/** A session has all of its lines' formats or none: the user's own come first, then one for each waiting session. */
function stackedCommands(
  words: { session: string; position: string; align: string },
  names: number,
  user: UserStatus,
): Command[] {
  const lines = stackedLines(names, user)
  const own = ownLines(user)
  const format = (at: number, text: string): Command => [
    ...['set-option', '-t', words.session, `status-format[${at}]`, text],
  ]
  return [
    ...user.formats.slice(0, own).map((text, at) => format(at, text)),
    ...Array.from({ length: lines }, (_, at) =>
      format(own + at, `#[align=${words.align}]#{@q_line_${at + 1}}`),
    ),
    ...templateCommands('stacked.conf', { ...words, lines: String(own + lines) }),
  ]
}

/** Gives sessions of the workspace their status line, and windows their marks, around what the user has there now. */
export async function setStatusLine(
  tmux: Tmux,
  { sessions, windows }: { sessions: readonly string[]; windows: readonly string[] },
  status: StatusLine,
  user: UserStatus,
): Promise<void> {
  const commands = [
    ...sessions.flatMap((session) => statusCommands(session, status, user)),
    ...windows.flatMap((window) => tabCommands(window, user)),
  ]
  if (commands.length > 0) await tmux.run(...commands)
}

/** How many waiting sessions the stacked layout shows: tmux has five status lines, and at least the first is the user's. */
export function stackedLines(names: number, user: Pick<UserStatus, 'lines'>): number {
  return Math.min(maxLines - ownLines(user), names)
}

/** Of the user's status lines, those that stay. */
function ownLines({ lines }: Pick<UserStatus, 'lines'>): number {
  return Math.min(Math.max(1, lines), maxLines - 1)
}

/** What `tabCommands` sets. */
export const tabOptions = ['window-status-format', 'window-status-current-format']

/** The commands that put a mark into a window's tab, behind the user's own format. */
export function tabCommands(window: string, user: UserStatus): Command[] {
  // tmux's own format ends in a blank where a window has no flags.
  const mark = '#{?@q_mark,#{?window_flags, ,}#{@q_mark},}'
  return templateCommands('tabs.conf', {
    window,
    tab: user.tab + mark,
    current_tab: user.currentTab + mark,
  })
}
