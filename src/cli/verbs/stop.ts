import { exitCode } from '../../base/errors.ts'
import { withLock } from '../../sessions/workspace/lock.ts'
import { stopWorkspace } from '../../sessions/workspace/stop-workspace.ts'
import { globalArgs } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'stop', description: 'End workers and windows; the sessions stay open for the next start' },
  args: globalArgs,
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const { wasRunning, left } = await withLock(invocation, 'start', () => stopWorkspace(workspace))
      const { log, warn } = await talk()
      if (!wasRunning) log(`the workspace ${workspace.name} does not run`)
      else if (left.length === 0)
        log(
          workspace.settings.sessions.persist_sessions
            ? `stopped ${workspace.name}; its sessions come back with q mux`
            : `stopped ${workspace.name}; the next q mux begins afresh (sessions.persist_sessions is off)`,
        )
      else {
        warn(
          `stopped ${workspace.name}, but these workers did not end: ${left.join(', ')}. End them: kill -9 ${left.join(' ')}`,
        )
        return exitCode.failed
      }
      return exitCode.done
    }),
})
