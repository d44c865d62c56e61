import { explain } from './explain.ts'

/** Runs a command, says what went wrong, and ends the process: the one place that does. */
export async function runToEnd(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    process.exitCode = explain(error, process.stderr, process.env)
  }
  await drained()
  // Whatever a library left behind (a kept-alive connection, a watcher) must not keep a finished command alive.
  process.exit()
}

/** Output to a pipe is written in the background: it must be through before the process ends. */
async function drained(): Promise<void> {
  const pending = [process.stdout, process.stderr].filter(
    (stream) => stream.writableLength > 0 && !stream.destroyed,
  )
  await Promise.all(
    pending.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
  )
}
