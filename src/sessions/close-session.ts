import type { Session } from '../domain/session.ts'
import { removeStatus } from '../status/status-files.ts'
import { wakeWorker, workerLinkPath } from '../status/worker-link.ts'
import { completeSession } from '../store/sessions.ts'
import { paneOf } from '../tmux/tmux-view.ts'
import { killPane } from '../tmux/verbs.ts'
import { viewRunning } from './workspace/workspace.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** Closes a session for good: its worker ends, its pane goes, and it is not restored. What was said is kept. */
export async function closeSession(workspace: Workspace, session: Session): Promise<void> {
  await completeSession(workspace.store, session.id)
  await wakeWorker(workerLinkPath(workspace.paths.workersDir, session.id))
  await removePane(workspace, session.id)
  removeStatus(workspace.paths.statusDir, session.id)
}

/** A worker that was asked ends and takes its pane along; one that is frozen or gone leaves it to us. */
async function removePane(workspace: Workspace, id: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const view = await viewRunning(workspace)
    const pane = view && paneOf(view, id)
    if (!pane) return
    if (tries === 20 || pane.dead || pane.asleep) return killPane(workspace.tmux, pane.id)
    await workspace.sleep(25)
  }
}
