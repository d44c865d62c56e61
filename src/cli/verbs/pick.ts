import { exitCode } from '../../base/errors.ts'
import { goToSession } from '../../sessions/go-to-session.ts'
import { getSession } from '../../store/sessions.ts'
import { globalArgs } from '../arguments.ts'
import { pickSession } from '../picker/pick-session.ts'
import { insideServer, requireTerminal, showWorkspace } from '../show.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'pick', description: 'Pick a session by typing a part of its name' },
  args: globalArgs,
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      requireTerminal()
      const picked = await pickSession(workspace)
      const session = picked && getSession(workspace.store, picked.id)
      if (!session) return exitCode.interrupted
      await goToSession(workspace, session)
      if (!(await insideServer(workspace, invocation))) await showWorkspace(workspace, invocation)
      return exitCode.done
    }),
})
