import { findToOpen } from '../../sessions/list/find-session.ts'
import { openSession } from '../../sessions/open-session.ts'
import { reopenSession } from '../../sessions/reopen-session.ts'
import { requireStartable } from '../../sessions/workspace/in-the-way.ts'
import { withLock } from '../../sessions/workspace/lock.ts'
import { startWorkspace } from '../../sessions/workspace/start-workspace.ts'
import { findRunning } from '../../sessions/workspace/workspace.ts'
import { saveEnvironment } from '../../sessions/workspace/workspace-environment.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { globalArgs } from '../arguments.ts'
import { sayWhomItMeant, showOpened } from '../show-opened.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'open', description: 'Open a closed session or a plain chat again and go there' },
  args: {
    name: {
      type: 'positional',
      completes: 'any-session',
      required: true,
      description: 'Any session, closed or open',
    },
    background: { type: 'boolean', alias: 'b', description: 'Stay where you are' },
    json: { type: 'boolean', description: 'Print what q mux list --json says of it' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const wanted = findToOpen(workspace, args.name)
      const { session, wasOpen, renamedFrom, before } = await withLock(invocation, 'start', async () => {
        await requireStartable(workspace)
        const running = await findRunning(workspace)
        const reopened = await reopenSession(workspace, wanted)
        // What was refused changes nothing for the others.
        await saveEnvironment(invocation.paths.environmentFile, invocation.env)
        // A workspace that does not run opens it with the others that are open.
        if (!running) await startWorkspace(workspace, { cwd: () => reopened.session.cwd, size: undefined })
        await openSession(workspace, reopened.session)
        return reopened
      })
      const { log } = await talk()
      if (wasOpen) log(`${session.name} is open already`)
      if (renamedFrom !== undefined)
        log(`${sanitize(renamedFrom)} is now ${session.name}: its name means another open session`)
      await sayWhomItMeant(session.name, before)
      await showOpened(workspace, invocation, session, args)
    }),
})
