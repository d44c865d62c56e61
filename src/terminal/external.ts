import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../base/errors.ts'
import type { Terminal } from './terminal.ts'

/** How another program ended: its exit code, or the signal that ended it. */
export type Ending = { code: number } | { signal: string }

/** Runs a command in the user's own shell, in this terminal. @throws UserError when the shell cannot be started */
export function runCommand(terminal: Terminal, command: string, env: NodeJS.ProcessEnv): Promise<Ending> {
  return terminal.handOver(() => run(env.SHELL || '/bin/sh', ['-c', command], env))
}

/**
 * Has a text written in the user's own editor, in this terminal. undefined: the editor failed, or left nothing. The file
 * is private, and gone afterwards with everything that the editor put beside it.
 * @throws UserError when the editor cannot be started
 */
export async function editText(
  terminal: Terminal,
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const directory = await mkdtemp(join(env.TMPDIR || tmpdir(), 'q-editor-'))
  const file = join(directory, 'prompt.md')
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
    // As git does: the variable holds a command with its arguments.
    const words = ['-c', `${env.VISUAL || env.EDITOR || 'vi'} "$1"`, 'sh', file]
    const ending = await terminal.handOver(() => run('/bin/sh', words, env))
    if (!('code' in ending) || ending.code !== 0) return undefined
    const written = (await readFile(file, 'utf8')).trimEnd()
    return written === '' ? undefined : written
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit', env })
    child.on('error', (error) =>
      reject(new UserError(`cannot run ${program}: ${error.message}`, { cause: error })),
    )
    child.on('close', (code, signal) => resolve(code === null ? { signal: signal ?? 'unknown' } : { code }))
  })
}
