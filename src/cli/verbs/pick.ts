import { defineCommand } from 'citty'
import { exitCode } from '../../domain/errors.ts'
import { goToSession } from '../../sessions/go.ts'
import { getSession } from '../../store/sessions.ts'
import { globalArgs } from '../arguments.ts'
import { pickSession } from '../pick-session.ts'
import { insideServer, requireTerminal, showWorkspace } from '../show.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'pick', description: 'Pick a session by typing a part of its name' },
  args: globalArgs,
  run: ({ args }) =>
    withWorkspace(args, async (workspace, place) => {
      requireTerminal()
      const picked = await pickSession(workspace)
      const session = picked && getSession(workspace.store, picked.id)
      if (!session) return exitCode.interrupted
      await goToSession(workspace, session)
      if (!(await insideServer(workspace, place))) await showWorkspace(workspace, place)
      return exitCode.done
    }),
})
