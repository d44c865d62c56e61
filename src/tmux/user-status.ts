import type { Command, Tmux } from './door.ts'
import { betweenFences, fence } from './printed.ts'

/** What the user's own status line and tabs are: the server's global options, which are read and never set. */
export interface UserStatus {
  right: string
  left: string
  rightLength: number
  leftLength: number
  /** How many lines it has; 0 for none (`status off`). */
  lines: number
  /** Each line's format: the first has windows, left and right. */
  formats: string[]
  tab: string
  currentTab: string
}

/** tmux has at most so many status lines. */
export const maxLines = 5

export async function readUserStatus(tmux: Tmux): Promise<UserStatus> {
  return userStatusIn(await tmux.run(...readingUserStatus))
}

const fenced = (command: Command): Command[] => [command, fence]

const readingUserStatus: Command[] = [
  ...['status-right', 'status-left', 'status-right-length', 'status-left-length', 'status'].flatMap((name) =>
    fenced(['show-options', '-gv', name]),
  ),
  ...['window-status-format', 'window-status-current-format'].flatMap((name) =>
    fenced(['show-options', '-gwv', name]),
  ),
  // A line that the user has not set has no value, which is no error with -q.
  ...Array.from({ length: maxLines }, (_, line) =>
    fenced(['show-options', '-gqv', `status-format[${line}]`]),
  ).flat(),
]

export function userStatusIn(output: string): UserStatus {
  const [right = '', left = '', rightLength, leftLength, status = '', tab = '', currentTab = '', ...formats] =
    betweenFences(output).map(firstLine)
  return {
    right,
    left,
    rightLength: Number(rightLength) || 40,
    leftLength: Number(leftLength) || 10,
    lines: status === 'off' ? 0 : Number(status) || 1,
    formats: formats.slice(0, maxLines),
    tab,
    currentTab,
  }
}

/** A hook of the user's may print others behind it. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
