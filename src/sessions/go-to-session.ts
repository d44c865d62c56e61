import { UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { type PanePlace, readFormats, setOptions, showLastWindow, showPane } from '../tmux/verbs.ts'
import { openSession } from './open-session.ts'
import { requireRunning } from './workspace/workspace.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** Shows a session in its tmux session, bringing it back when it has no pane or no worker. Returns where it is. */
export async function goToSession(workspace: Workspace, session: Session): Promise<PanePlace> {
  await requireRunning(workspace)
  const shown = await openSession(workspace, session)
  await showPane(workspace.tmux, shown)
  return shown
}

/** The session that needs somebody first, as the key `a` goes there. Returns false when none waits. */
export async function goToNextWaiting(workspace: Workspace): Promise<boolean> {
  const { tmux } = workspace
  const { id } = await requireRunning(workspace)
  const [next, jumped, here = ''] = await readFormats(tmux, `${id}:`, [
    '#{@q_next}',
    '#{@q_jumped}',
    hereFormat,
  ])
  const goal = goalOf(next, id)
  if (!goal) return false
  await setOptions(tmux, id, { ...(jumped === here ? {} : { '@q_back': here }), '@q_jumped': next ?? '' })
  await showPane(tmux, goal)
  return true
}

/** Where the user was before jumping, as the key `A` goes there. */
export async function goBack(workspace: Workspace): Promise<void> {
  const { tmux } = workspace
  const { id } = await requireRunning(workspace)
  const [back, here = ''] = await readFormats(tmux, `${id}:`, ['#{@q_back}', hereFormat])
  const goal = back === here ? undefined : goalOf(back, id)
  if (!goal) {
    await showLastWindow(tmux, id).catch(() => {
      throw new UserError('there is nowhere to go back to')
    })
    return
  }
  await showPane(tmux, goal)
  await setOptions(tmux, id, { '@q_back': here })
}

const hereFormat = '#{window_id}.#{pane_id}'

/** As `@q_next` and `@q_back` name it: `@7.%12`, `@7` without a pane, `$5:@7.%12` in another tmux session. */
function goalOf(text: string | undefined, here: string): PanePlace | undefined {
  const [, home = here, window, id] = /^(?:(\$\d+):)?(@\d+)(?:\.(%\d+))?$/.exec(text ?? '') ?? []
  return window ? { home, window, id } : undefined
}
