import { explain } from './cli/explain.ts'
import { exitCode } from './domain/errors.ts'

/**
 * Runs `q` with the words of its command line. Workers and controllers are dispatched before the command line's
 * library is loaded: a window's prompt is to be up at once.
 */
export async function main(words: readonly string[] = process.argv.slice(2)): Promise<void> {
  try {
    process.exitCode = await dispatch(words)
  } catch (error) {
    process.exitCode = explain(error, process.stderr, process.env)
  }
  // Whatever a library left behind (a kept-alive connection, a watcher) must not keep a finished command alive.
  if (process.exitCode !== undefined) await drained()
  process.exit()
}

async function dispatch(words: readonly string[]): Promise<number> {
  if (words[0] === 'worker') return (await import('./cli/worker.ts')).workerVerb(words.slice(1))
  if (words[0] === 'mux' && words[1] === 'controller')
    return (await import('./cli/controller.ts')).controllerVerb(words.slice(2))
  return (await (await import('./cli/run.ts')).run(words)) ?? exitCode.done
}

/** Output to a pipe is written in the background: it must be through before the process ends. */
function drained(): Promise<void> {
  const pending = [process.stdout, process.stderr].filter(
    (stream) => stream.writableLength > 0 && !stream.destroyed,
  )
  return Promise.all(
    pending.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
  ).then(() => {})
}
