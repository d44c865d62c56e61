import type { Command, Tmux } from './door.ts'
import { templateCommands } from './templates.ts'
import { readUserStatus, type UserStatus } from './user-status.ts'

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
  templates: string,
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
    const lines = String(stackedLines(status.names) + 1)
    const words = { session, position, align: side, lines, first: user.firstLine }
    return [...clean, ...templateCommands(templates, 'stacked.conf', words)]
  }
  const before = cornerFormat + (side === 'left' ? user.left : user.right)
  const length = String((side === 'left' ? user.leftLength : user.rightLength) + cornerLength)
  const words = { session, position, status: `status-${side}`, before, length }
  return [...clean, ...templateCommands(templates, 'status.conf', words)]
}

/** Gives a session of the workspace its status line, around what the user has there now. */
export async function setStatusLine(
  tmux: Tmux,
  templates: string,
  session: string,
  status: StatusLine,
): Promise<void> {
  await tmux.run(...statusCommands(templates, session, status, await readUserStatus(tmux)))
}

/** How many waiting sessions the stacked layout shows: tmux has five status lines, and the first has the windows. */
export function stackedLines(names: number): number {
  return Math.min(4, names)
}

/** What `tabCommands` sets. */
export const tabOptions = ['window-status-format', 'window-status-current-format']

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
