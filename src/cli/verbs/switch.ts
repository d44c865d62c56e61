import { defineCommand } from 'citty'
import { withLock } from '../../root/lock.ts'
import { saveEnvironment } from '../../sessions/environment.ts'
import { findSession } from '../../sessions/find.ts'
import { goToSession } from '../../sessions/go.ts'
import { startWorkspace } from '../../sessions/start.ts'
import { presentDirectory } from '../../sessions/working-directory.ts'
import { findRunning } from '../../sessions/workspace.ts'
import { globalArgs } from '../arguments.ts'
import { showSession } from '../show.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'switch', description: 'Go to a session; its first letters are enough' },
  args: { name: { type: 'positional', required: true, description: 'The session' }, ...globalArgs },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, place) => {
      const session = findSession(workspace, args.name)
      if (!(await findRunning(workspace))) {
        await saveEnvironment(place.paths.environmentFile, place.env)
        await withLock(place, 'start', () =>
          startWorkspace(workspace, { cwd: presentDirectory, size: undefined }),
        )
      }
      await goToSession(workspace, session)
      await showSession(workspace, place, '')
    }),
})
