import type { Session } from '../domain/session.ts'
import { removeStatus } from '../status/files.ts'
import { linePath, poke } from '../status/line.ts'
import { completeSession } from '../store/sessions.ts'
import { TmuxError } from '../tmux/door.ts'
import type { Workspace } from './context.ts'
import { readViewIfRunning } from './view.ts'

/** Closes a session for good: its worker ends, its window goes, and it is not restored. What was said is kept. */
export async function closeSession(workspace: Workspace, session: Session): Promise<void> {
  await completeSession(workspace.store, session.id)
  await poke(linePath(workspace.paths.workersDir, session.id))
  await removeWindow(workspace, session.id)
  removeStatus(workspace.paths.statusDir, session.id)
}

/** A worker that was asked ends and takes its window along; one that is frozen or gone leaves it to us. */
async function removeWindow(workspace: Workspace, id: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const window = (await readViewIfRunning(workspace))?.windows.find((candidate) => candidate.session === id)
    if (!window) return
    if (tries === 20 || window.dead) {
      await workspace.tmux.run(['kill-window', '-t', window.id]).catch(unlessGone)
      return
    }
    await workspace.sleep(25)
  }
}

/** The worker took its window along in the last moment, and perhaps the server with it. */
function unlessGone(error: unknown): void {
  if (!(error instanceof TmuxError && (error.noServer || error.notThere))) throw error
}
