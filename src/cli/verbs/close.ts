import { exitCode, UserError } from '../../base/errors.ts'
import type { Session } from '../../domain/session.ts'
import { isYes } from '../../domain/yes.ts'
import { closeSession } from '../../sessions/close-session.ts'
import { findSession } from '../../sessions/list/find-session.ts'
import { viewRunning } from '../../sessions/workspace/workspace.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { listOpen } from '../../store/sessions.ts'
import { windowOfPane } from '../../tmux/verbs.ts'
import { globalArgs } from '../arguments.ts'
import { question } from '../picker/question.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'close', description: 'Close a session for good; what was said is kept' },
  args: {
    name: {
      type: 'positional',
      completes: 'open-session',
      required: false,
      description: 'The session; default: the one of this window',
    },
    yes: { type: 'boolean', alias: 'y', description: 'Do not ask' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const session =
        args.name === undefined
          ? await sessionOfPane(workspace, invocation.env.TMUX_PANE)
          : findSession(workspace, args.name)
      if (!args.yes) {
        if (!process.stdin.isTTY)
          throw new UserError(`closing ${session.name} needs a yes`, {
            hint: `q mux close ${session.name} --yes`,
            exit: exitCode.usage,
          })
        const answer = await question(`Close ${session.name}? It will not come back by itself. [y/N] `)
        if (!isYes(answer)) {
          ;(await talk()).log('not closed')
          return exitCode.failed
        }
      }
      await closeSession(workspace, session)
      ;(await talk()).log(`closed ${session.name}`)
      return exitCode.done
    }),
})

async function sessionOfPane(workspace: Workspace, pane: string | undefined): Promise<Session> {
  if (pane) {
    const window = await windowOfPane(workspace.tmux, pane)
    const panes = (await viewRunning(workspace))?.panes.filter((one) => one.window === window) ?? []
    const found = panes.find(({ id }) => id === pane) ?? (panes.length === 1 ? panes[0] : undefined)
    const session = listOpen(workspace.store, workspace.name).find(
      (candidate) => candidate.id === found?.session,
    )
    if (session) return session
  }
  throw new UserError('which session?', { hint: 'q mux close NAME; see q mux list', exit: exitCode.usage })
}
