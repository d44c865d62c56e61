import type { Command, Tmux } from './door.ts'

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

/** The commands whose output `userStatusIn` takes. */
export const readingUserStatus: Command[] = [
  ...['status-right', 'status-left', 'status-right-length', 'status-left-length', 'status-format[0]'].flatMap(
    (name) => fenced(['show-options', '-gv', name]),
  ),
  ...['window-status-format', 'window-status-current-format'].flatMap((name) =>
    fenced(['show-options', '-gwv', name]),
  ),
]

export function userStatusIn(output: string): UserStatus {
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
