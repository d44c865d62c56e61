import { UserError } from '../base/errors.ts'
import { nowMeansAnother } from '../domain/session-name.ts'
import { renameByUser } from '../sessions/rename-session.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { getSession } from '../store/sessions.ts'
import type { Tmux } from '../tmux/door.ts'
import { paneOf, readView } from '../tmux/tmux-view.ts'
import { setOption } from '../tmux/verbs.ts'

/** A window that gets another title so soon again, in ms, gets it from a program. */
const soon = 5000

/**
 * Takes a window's new title for the name of its session. What cannot be a name, or is taken, stays a title; so does what a
 * program gives again and again, which is marked for `q mux doctor`.
 */
export function createTitles({ workspace, log }: { workspace: Workspace; log(line: string): void }) {
  const given = new Map<string, number>()

  return {
    async take(tmux: Tmux, id: string, title: string): Promise<void> {
      const session = getSession(workspace.store, id)
      if (!session || session.name === title) return
      const last = given.get(id)
      const now = workspace.now()
      given.set(id, now)
      if (last !== undefined && now - last < soon) return markProgram(tmux, id)
      try {
        const { before } = await renameByUser({ ...workspace, tmux }, session, title)
        log(`${session.name} is called ${title} now: its window was renamed`)
        if (before) log(nowMeansAnother(title, before.name))
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        log(`the window of ${session.name} is called ${JSON.stringify(title)}: ${error.message}`)
      }
    },
  }

  async function markProgram(tmux: Tmux, id: string): Promise<void> {
    const pane = paneOf(await readView(tmux, workspace.name), id)
    if (pane) await tmux.run(setOption(pane.window, '@q_titled', '1'))
  }
}
