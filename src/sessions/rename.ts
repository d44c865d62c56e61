import { parseName } from '../domain/name.ts'
import type { Session } from '../domain/session.ts'
import { linePath, poke } from '../status/line.ts'
import { renameSession } from '../store/sessions.ts'
import { nameSession } from '../tmux/verbs.ts'
import { paneOf } from '../tmux/view.ts'
import type { Workspace } from './context.ts'
import { viewRunning } from './workspace.ts'

/**
 * Gives a session the name a person chose, which no automatic naming changes any more. Returns it.
 * @throws UserError when it is not a name, or another open session has it
 */
export async function renameByUser(workspace: Workspace, session: Session, wanted: string): Promise<string> {
  const name = parseName(wanted, workspace.settings.sessions.name_max_length)
  await renameSession(workspace.store, session.id, name, 'user')
  await showName(workspace, session.id, name)
  return name
}

/** Takes a new name, already in the store, to the titles of its pane and window and the worker's prompt. */
export async function showName(workspace: Workspace, id: string, name: string): Promise<void> {
  const view = await viewRunning(workspace)
  const pane = view && paneOf(view, id)
  if (pane) {
    const isAlone = view.panes.filter((other) => other.window === pane.window).length === 1
    await nameSession(workspace.tmux, pane, isAlone, name)
  }
  await poke(linePath(workspace.paths.workersDir, id))
}
