import { type SessionStatus, sessionStatuses } from '../../domain/session.ts'
import { describeWorkspace } from '../../sessions/list/describe.ts'
import type { SessionView } from '../../sessions/list/session-view.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { countClosed } from '../../store/sessions.ts'
import { count } from '../../text/plain-text.ts'
import { print, printJson } from '../../text/print.ts'
import { globalArgs } from '../arguments.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'status', description: 'Say whether the workspace runs, and how many sessions do what' },
  args: { json: { type: 'boolean', description: 'For programs' }, ...globalArgs },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const { sessions, ...rest } = await describeWorkspace(workspace)
      const counts = countStatuses(workspace, sessions)
      if (args.json) {
        printJson({ ...rest, sessions: counts })
        return
      }
      const state =
        rest.running === null ? 'may run, which is unknown' : rest.running ? 'runs' : 'does not run'
      const controller = rest.controller ? `controller ${rest.controller.pid}` : 'no controller'
      const parts = Object.entries(counts).filter(([, number]) => number > 0)
      const words = parts.map(([status, number]) => `${number} ${status}`)
      const all = parts.reduce((sum, [, number]) => sum + number, 0)
      print(
        `workspace ${rest.workspace} ${state}, ${controller}, ${count(all, 'session')}${words.length > 0 ? `: ${words.join(', ')}` : ''}\n`,
      )
    }),
})

/** The open sessions as they are seen, and this workspace's closed ones. */
function countStatuses(workspace: Workspace, open: readonly SessionView[]): Record<SessionStatus, number> {
  const numbers = sessionStatuses.map((status): [SessionStatus, number] => [
    status,
    open.filter((session) => session.status === status).length,
  ])
  const closed = countClosed(workspace.store, workspace.name)
  return { ...(Object.fromEntries(numbers) as Record<SessionStatus, number>), Completed: closed }
}
