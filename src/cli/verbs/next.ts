import { exitCode } from '../../base/errors.ts'
import { goToNextWaiting } from '../../sessions/go-to-session.ts'
import { globalArgs } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'next', description: 'Go to the session that needs you first; again for the next' },
  args: globalArgs,
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      if (await goToNextWaiting(workspace)) return exitCode.done
      ;(await talk()).log('no session waits for you')
      return exitCode.failed
    }),
})
