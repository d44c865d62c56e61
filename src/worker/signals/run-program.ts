import { spawn } from 'node:child_process'
import { errorCode } from '../../base/errors.ts'
import { signalGroup } from '../../base/process-group.ts'
import { toolEnvironment } from '../../tools/command-environment.ts'

/** Runs a program to its end, without a shell. Resolves with why it failed, in words that follow its name. */
export type RunProgram = (
  program: string,
  words: readonly string[],
  facts: Record<string, string>,
) => Promise<string | undefined>

/** A program that says that it is somebody's turn takes no longer, in ms. */
const timeoutMs = 10_000

/**
 * Runs programs beside the session: in a group of their own, without a terminal, input or output, with the environment
 * that the model's tools get (no secrets) and the facts on top. Whatever still runs ends with `signal`, or after 10 s.
 */
export function programRunner(
  env: () => NodeJS.ProcessEnv,
  signal: AbortSignal,
  limit = timeoutMs,
): RunProgram {
  return (program, words, facts) =>
    new Promise((resolve) => {
      const child = spawn(program, words, {
        detached: true,
        env: { ...toolEnvironment(env()), ...facts },
        stdio: 'ignore',
      })
      let late = false
      const timer = setTimeout(() => {
        late = true
        signalGroup(child.pid, 'SIGKILL')
      }, limit)
      const end = () => signalGroup(child.pid, 'SIGKILL')
      signal.addEventListener('abort', end)
      const settle = (failure: string | undefined) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve(failure)
      }
      child.once('error', (error) =>
        settle(errorCode(error) === 'ENOENT' ? 'was not found' : `cannot be run: ${error.message}`),
      )
      child.once('exit', (code, ended) => {
        if (late) settle(`took longer than ${limit / 1000} s, and was ended`)
        else if (code === null) settle(`was ended by ${ended}`)
        else settle(code === 0 ? undefined : `ended with exit status ${code}`)
      })
    })
}
