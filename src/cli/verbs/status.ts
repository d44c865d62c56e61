import { defineCommand } from 'citty'
import { sessionStatuses } from '../../domain/session.ts'
import { count } from '../../domain/text.ts'
import { describeWorkspace } from '../../sessions/describe.ts'
import { globalArgs } from '../arguments.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'status', description: 'Say whether the workspace runs, and how many sessions do what' },
  args: { json: { type: 'boolean', description: 'For programs' }, ...globalArgs },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const { sessions, ...rest } = await describeWorkspace(workspace, true)
      const counts = Object.fromEntries(
        sessionStatuses.map((status) => [
          status,
          sessions.filter((session) => session.status === status).length,
        ]),
      )
      if (args.json) {
        process.stdout.write(`${JSON.stringify({ ...rest, sessions: counts })}\n`)
        return
      }
      const state = {
        true: 'runs',
        false: 'does not run',
        null: 'is unknown: its tmux server does not answer',
      }[`${rest.running}`]
      const controller = rest.controller ? `controller ${rest.controller.pid}` : 'no controller'
      const parts = Object.entries(counts)
        .filter(([, number]) => number > 0)
        .map(([status, number]) => `${number} ${status}`)
      process.stdout.write(
        `workspace ${rest.workspace} ${state}, ${controller}, ${count(sessions.length, 'session')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}\n`,
      )
    }),
})
