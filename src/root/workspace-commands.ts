import { UserError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import { createStyle, wantsColour } from '../domain/style.ts'
import { closeSession } from '../sessions/close.ts'
import { findSession, handlesOf } from '../sessions/find.ts'
import { goToSession } from '../sessions/go.ts'
import { createSession } from '../sessions/open.ts'
import { sessionLines } from '../sessions/table.ts'
import { viewSessions } from '../sessions/view.ts'
import { directoryHint, type WorkingDirectory } from '../sessions/working-directory.ts'
import type { Store } from '../store/store.ts'
import type { WorkspaceCommands } from '../worker/commands/command.ts'
import type { LiveSettings } from './live-settings.ts'
import type { Place } from './place.ts'
import { makeWorkspace } from './workspace.ts'

/** What the slash commands typed in `session` do with the workspace. */
export function workspaceCommands(
  place: Place,
  store: Store,
  { session, directory }: { session: Session; directory: WorkingDirectory },
  live: LiveSettings,
): WorkspaceCommands {
  const workspace = makeWorkspace(place, store)
  const style = createStyle(wantsColour(process.stdout, place.env))
  return {
    find: (name) => findSession(workspace, name),
    handles: (begun) => handlesOf(workspace, begun),
    async list(all) {
      const views = await viewSessions(workspace, all)
      return [
        style.bold(all ? 'All Sessions:' : 'Active Sessions:'),
        ...sessionLines(views, session.id, workspace.now(), style, process.stdout.columns),
      ]
    },
    async switchTo(name) {
      await goToSession(workspace, findSession(workspace, name))
    },
    async create(request) {
      const trouble = directory.trouble()
      if (trouble !== undefined) throw new UserError(trouble, { hint: directoryHint })
      const { settings } = await live()
      const { session: created, before } = await createSession(
        { ...workspace, settings },
        { ...request, cwd: directory.path() },
      )
      await goToSession(workspace, created)
      return { name: created.name, meant: before?.name }
    },
    close: (wanted) => closeSession(workspace, wanted),
  }
}
