import { findSession } from '../../sessions/list/find-session.ts'
import { renameByUser } from '../../sessions/rename-session.ts'
import { print } from '../../text/print.ts'
import { globalArgs } from '../arguments.ts'
import { sayWhomItMeant } from '../show-opened.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'rename', description: 'Give a session another name' },
  args: {
    name: { type: 'positional', required: true, completes: 'open-session', description: 'The session' },
    new: { type: 'positional', required: true, description: 'Its new name' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const { name, before } = await renameByUser(workspace, findSession(workspace, args.name), args.new)
      await sayWhomItMeant(name, before)
      print(`${name}\n`)
    }),
})
