import { UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { chooseAgent } from '../sessions/choose-agent.ts'
import { closeSession } from '../sessions/close-session.ts'
import { directoryHint, type WorkingDirectory } from '../sessions/files/working-directory.ts'
import { goToSession } from '../sessions/go-to-session.ts'
import { findSession, handlesOf } from '../sessions/list/find-session.ts'
import { sessionLines } from '../sessions/list/session-table.ts'
import { viewSessions } from '../sessions/list/session-view.ts'
import { maxListed, wantedSessions } from '../sessions/list/wanted-sessions.ts'
import { createSession } from '../sessions/open-session.ts'
import type { Store } from '../store/store.ts'
import { createStyle, wantsColour } from '../text/style.ts'
import type { WorkspaceCommands } from '../worker/commands/command.ts'
import type { LiveSettings } from '../worker/live/live-settings.ts'
import type { Invocation } from './invocation.ts'
import { makeWorkspace } from './make-workspace.ts'

/** What the slash commands typed in `session` do with the workspace. */
export function workspaceCommands(
  invocation: Invocation,
  store: Store,
  { session, directory }: { session: Session; directory: WorkingDirectory },
  live: LiveSettings,
): WorkspaceCommands {
  const workspace = makeWorkspace(invocation, store)
  const style = createStyle(wantsColour(process.stdout, invocation.env))
  return {
    find: (name) => findSession(workspace, name),
    handles: (begun) => handlesOf(workspace, begun),
    async list(all) {
      const { sessions, more } = wantedSessions(store, workspace.name, { all, limit: maxListed })
      const views = await viewSessions(workspace, sessions)
      return [
        style.bold(all ? 'All Sessions:' : 'Active Sessions:'),
        ...sessionLines(views, session.id, workspace.now(), style, process.stdout.columns),
        ...(more > 0 ? [style.dim(`(${more} older ones: q mux list --all --limit ${maxListed * 10})`)] : []),
      ]
    },
    async switchTo(name) {
      await goToSession(workspace, findSession(workspace, name))
    },
    async create(request) {
      const trouble = directory.trouble()
      if (trouble !== undefined) throw new UserError(trouble, { hint: directoryHint })
      const { settings, agents, env } = await live()
      const cwd = directory.path()
      const agent = await chooseAgent({ name: undefined, args: [], settings, agents, cwd, env })
      const { session: created, before } = await createSession(
        { ...workspace, settings },
        { ...request, cwd, agent },
      )
      await goToSession(workspace, created)
      return { name: created.name, meant: before?.name }
    },
    close: (wanted) => closeSession(workspace, wanted),
  }
}
