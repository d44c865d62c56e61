import { defineCommand } from 'citty'
import { print } from '../../domain/print.ts'
import { sanitize } from '../../domain/sanitizer.ts'
import { withLock } from '../../root/lock.ts'
import { saveEnvironment } from '../../sessions/environment.ts'
import { findToOpen } from '../../sessions/find-any.ts'
import { goToSession } from '../../sessions/go.ts'
import { openSession } from '../../sessions/open.ts'
import { reopenSession } from '../../sessions/reopen.ts'
import { startWorkspace } from '../../sessions/start.ts'
import { findRunning } from '../../sessions/workspace.ts'
import { listSessions } from '../../store/sessions.ts'
import { globalArgs } from '../arguments.ts'
import { showSession } from '../show.ts'
import { talk } from '../talk.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'open', description: 'Open a closed session or a plain chat again and go there' },
  args: {
    name: {
      type: 'positional',
      required: true,
      description: 'Any session, closed or open, or the beginning of its id',
    },
    background: { type: 'boolean', alias: 'b', description: 'Stay where you are' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, place) => {
      const all = listSessions(workspace.store, { workspace: workspace.name, all: true })
      const wanted = findToOpen(args.name, all)
      await saveEnvironment(place.paths.environmentFile, place.env)
      const { session, wasOpen, renamedFrom } = await withLock(place, 'start', async () => {
        const running = await findRunning(workspace)
        const reopened = await reopenSession(workspace, wanted)
        // A workspace that does not run opens it with the others that are open.
        if (!running) await startWorkspace(workspace, { cwd: () => reopened.session.cwd, size: undefined })
        await openSession(workspace, reopened.session)
        return reopened
      })
      const { log } = await talk()
      if (wasOpen) log(`${session.name} is open already`)
      if (renamedFrom !== undefined)
        log(`${sanitize(renamedFrom)} is now ${session.name}: another open session has its name`)
      if (args.background) {
        print(`${session.name}\n`)
        return
      }
      await goToSession(workspace, session)
      await showSession(workspace, place, session.name)
    }),
})
