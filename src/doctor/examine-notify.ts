import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { isRecent, readTmuxVersion } from '../tmux/tmux-version.ts'
import { readOption } from '../tmux/verbs.ts'
import { type Finding, note, ok } from './finding.ts'

/**
 * Whether tmux hands a session's notifications on to the terminal. It is the user's to allow: a program in any window
 * may then send the terminal whatever it likes, past tmux.
 */
export async function* examineNotify(workspace: Workspace, session: string): AsyncGenerator<Finding> {
  if (!workspace.settings.ui.notify) return
  const version = await readTmuxVersion(workspace.tmux)
  const value = await readOption(workspace.tmux, 'window', session, 'allow-passthrough')
  // tmux 3.4 tells windows that are shown from others; before, only what is shown gets through.
  const best = isRecent(version, '3.4') ? 'all' : 'on'
  const line = `to your tmux.conf, and load it again: set -g allow-passthrough ${best}`
  if (value === 'off')
    yield note('notify', 'tmux keeps the notifications of ui.notify to itself', `add ${line}`)
  else if (value === 'all' || best === 'all') {
    if (value === 'all') yield ok('notify', 'tmux hands notifications on')
    else yield note('notify', 'tmux hands on notifications of the shown window only', `add ${line}`)
  } else
    yield ok(
      'notify',
      `tmux ${version} hands on notifications of the shown window; for the others: ui.on_waiting`,
    )
}
