import { exitCode } from './base/errors.ts'
import { runToEnd } from './cli/end.ts'

/** Runs `q` with the words of its command line. */
export const main = (): Promise<void> => runToEnd(() => dispatch(process.argv.slice(2)))

/** The controller is dispatched before the command line's library is loaded, the worker in `worker-main.ts`. */
async function dispatch(words: readonly string[]): Promise<number> {
  if (words[0] === 'mux' && words[1] === 'controller')
    return (await import('./cli/controller-command.ts')).controllerVerb(words.slice(2))
  return (await (await import('./cli/run.ts')).run(words)) ?? exitCode.done
}
