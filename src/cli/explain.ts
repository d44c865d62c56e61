import { describeError, errorCode, exitCode, UserError } from '../base/errors.ts'
import { printable } from '../text/print.ts'
import { sanitize } from '../text/sanitizer.ts'
import { createStyle, wantsColour } from '../text/style.ts'

/** Says on stderr what went wrong and what to do next; returns the exit code. A stack trace only with `Q_DEBUG=1`. */
export function explain(error: unknown, stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  // The reader of a pipe went away (`q mux list | head -1`): that is how pipes end.
  if (errorCode(error) === 'EPIPE') return exitCode.done
  const style = createStyle(wantsColour(stderr, env))
  const write = (text: string) => void stderr.write(printable(text, wantsColour(stderr, env)))
  write(`${style.red('q:')} ${sanitize(error instanceof UserError ? error.message : describeError(error))}\n`)
  if (error instanceof UserError && error.hint) write(`   ${style.dim(sanitize(error.hint))}\n`)
  if (!(error instanceof UserError)) {
    const tmuxRefused = error instanceof Error && error.name === 'TmuxError'
    const hint = tmuxRefused
      ? 'q mux doctor looks at tmux and the workspace'
      : 'this should not happen; Q_DEBUG=1 shows where'
    write(`   ${style.dim(hint)}\n`)
  }
  if (env.Q_DEBUG === '1' && error instanceof Error) write(`${error.stack ?? ''}\n`)
  return error instanceof UserError ? error.exit : exitCode.failed
}
