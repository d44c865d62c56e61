import { readInvocation } from '../app/invocation.ts'
import { workerMain } from '../app/run-worker.ts'
import { openSharedStore } from '../app/shared-store.ts'
import { becomeEnvironment } from '../sessions/workspace/workspace-environment.ts'
import { getSession } from '../store/sessions.ts'
import { print, tell } from '../text/print.ts'
import { explain } from './explain.ts'
import { pressEnter } from './picker/press-enter.ts'

/**
 * The hidden verb that a window of the workspace runs: `q worker ID`. What goes wrong stays on the screen until
 * somebody has read it: a window that vanishes explains nothing.
 */
export async function workerVerb(words: readonly string[]): Promise<number> {
  const [session = '', ...flags] = words
  const died = wordAfter(flags, '--died')
  if (died !== undefined) {
    print(`\nThis session's worker ended unexpectedly while it was ${died}. What was said is kept.\n`)
    if (!(await pressEnter('Press Enter to go on, Ctrl-C to leave it: '))) return 0
  }
  for (;;) {
    try {
      const invocation = await readInvocation(
        {
          workspace: wordAfter(flags, '--workspace'),
          socket: wordAfter(flags, '--socket'),
          runtime: wordAfter(flags, '--runtime'),
        },
        process.env,
      )
      becomeEnvironment(invocation.env)
      const store = await openSharedStore(invocation, (line) => tell(line), Number.POSITIVE_INFINITY)
      const woken = wordAfter(flags, '--woken') === 'yes'
      if (getSession(store, session)?.agent) {
        const { agentMain } = await import('../app/run-agent.ts')
        return await agentMain(invocation, store, { session, woken, pressEnter })
      }
      return await workerMain(invocation, store, {
        session,
        inWorkspace: true,
        woken,
        firstPrompt: undefined,
      })
    } catch (error) {
      explain(error, process.stderr, process.env)
      if (!(await pressEnter('Press Enter to try again, Ctrl-C to close this window: '))) return 0
    }
  }
}

/** Our own words, as `workerArgv` writes them: names and values in turn. Node's parser would be 1 ms of the start. */
function wordAfter(flags: readonly string[], name: string): string | undefined {
  const at = flags.indexOf(name)
  return at >= 0 && at % 2 === 0 ? flags[at + 1] : undefined
}
