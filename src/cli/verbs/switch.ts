import { presentDirectory } from '../../sessions/files/working-directory.ts'
import { goToSession } from '../../sessions/go-to-session.ts'
import { findSession } from '../../sessions/list/find-session.ts'
import { withLock } from '../../sessions/workspace/lock.ts'
import { startWorkspace } from '../../sessions/workspace/start-workspace.ts'
import { findRunning } from '../../sessions/workspace/workspace.ts'
import { saveEnvironment } from '../../sessions/workspace/workspace-environment.ts'
import { globalArgs } from '../arguments.ts'
import { showSession } from '../show.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'switch', description: 'Go to a session; its first letters are enough' },
  args: {
    name: { type: 'positional', required: true, completes: 'open-session', description: 'The session' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const session = findSession(workspace, args.name)
      if (!(await findRunning(workspace))) {
        await saveEnvironment(invocation.paths.environmentFile, invocation.env)
        await withLock(invocation, 'start', () =>
          startWorkspace(workspace, { cwd: presentDirectory, size: undefined }),
        )
      }
      await goToSession(workspace, session)
      await showSession(workspace, invocation, '')
    }),
})
