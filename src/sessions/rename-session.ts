import type { Session } from '../domain/session.ts'
import { parseName } from '../domain/session-name.ts'
import { wakeWorker, workerLinkPath } from '../status/worker-link.ts'
import { renameSession } from '../store/sessions.ts'
import { paneOf } from '../tmux/tmux-view.ts'
import { nameSession } from '../tmux/verbs.ts'
import { viewRunning } from './workspace/workspace.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export interface Renamed {
  name: string
  before: Session | undefined
}

/**
 * Gives a session the name a person chose, which no automatic naming changes any more. Returns it, and the session that it
 * meant until now.
 * @throws UserError when it is not a name, or another open session has it
 */
export async function renameByUser(workspace: Workspace, session: Session, wanted: string): Promise<Renamed> {
  const name = parseName(wanted, workspace.settings.sessions.name_max_length)
  const before = await renameSession(workspace.store, session.id, name)
  await showName(workspace, session.id, name)
  return { name, before }
}

/** Takes a new name, already in the store, to the titles of its pane and window and the worker's prompt. */
export async function showName(workspace: Workspace, id: string, name: string): Promise<void> {
  const view = await viewRunning(workspace)
  const pane = view && paneOf(view, id)
  if (pane) {
    const isAlone = view.panes.filter((other) => other.window === pane.window).length === 1
    await nameSession(workspace.tmux, pane, isAlone, name)
  }
  await wakeWorker(workerLinkPath(workspace.paths.workersDir, id))
}
