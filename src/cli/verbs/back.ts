import { goBack } from '../../sessions/go-to-session.ts'
import { globalArgs } from '../arguments.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'back', description: 'Go back to where you were before jumping' },
  args: globalArgs,
  run: ({ args }) => withWorkspace(args, (workspace) => goBack(workspace)),
})
