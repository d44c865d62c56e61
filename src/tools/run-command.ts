import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalGroup } from '../base/process-group.ts'
import type { Operations } from './files/operations.ts'

export interface CommandOptions {
  cwd: string
  env: Record<string, string>
  signal: AbortSignal
  /** ms until the command is ended. */
  timeout: number
  /** Bytes of output after which it is ended. */
  outputLimit: number
  /** Sees to it that the process group ends when we are killed and cannot end it any more; returns what calls that off. */
  guard?: ((group: number) => () => void) | undefined
  onOutput(text: string, stream: 'stdout' | 'stderr'): void
}

export interface CommandEnd {
  /** The shell's exit status, or the signal that ended it. */
  status: number | NodeJS.Signals
  reason: 'exited' | 'stopped' | 'timeout' | 'output'
  /** Processes of the command were still running when its shell had ended: they were ended, too. */
  leftBehind: boolean
}

/** ms between TERM and KILL, and between the shell's end and the end of a pipe that others keep open. */
const grace = 50

/**
 * Runs a command line in a shell with a process group of its own and nothing on standard input. The whole group ends
 * with its shell: nothing stays behind, and nobody who keeps the pipe open holds it up. After the signal or the time-out
 * it is over within 100 ms. @throws what spawn reports, such as a cwd that is gone
 */
export async function runCommand(
  { spawn }: Operations,
  command: string,
  options: CommandOptions,
): Promise<CommandEnd> {
  const shell = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh'
  const child = spawn(shell, ['-c', command], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const callOff = child.pid === undefined ? undefined : options.guard?.(child.pid)
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))
    child.once('error', reject)
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const ended = Promise.withResolvers<'stopped' | 'timeout' | 'output'>()
  const onAbort = () => ended.resolve('stopped')
  options.signal.addEventListener('abort', onAbort)
  const timer = setTimeout(() => ended.resolve('timeout'), options.timeout)
  readOutput(child, options, () => ended.resolve('output'))
  try {
    const first = await Promise.race([exited, ended.promise])
    if (typeof first === 'string' && !first.startsWith('SIG')) {
      await endGroup(child.pid, exited)
      return {
        status: child.exitCode ?? child.signalCode ?? 'SIGKILL',
        reason: first as 'stopped',
        leftBehind: false,
      }
    }
    const leftBehind = signalGroup(child.pid, 'SIGTERM')
    await Promise.race([closed, sleep(grace)])
    if (leftBehind) signalGroup(child.pid, 'SIGKILL')
    return { status: first as number, reason: 'exited', leftBehind }
  } finally {
    clearTimeout(timer)
    callOff?.()
    options.signal.removeEventListener('abort', onAbort)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function readOutput(child: ChildProcess, { onOutput, outputLimit }: CommandOptions, full: () => void): void {
  let bytes = 0
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder()
    child[name]?.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > outputLimit) return full()
      onOutput(decoder.decode(chunk, { stream: true }), name)
    })
    child[name]?.on('end', () => {
      const rest = decoder.decode()
      if (rest !== '') onOutput(rest, name)
    })
    // A pipe that breaks while its group is killed has nothing more to say.
    child[name]?.on('error', () => child[name]?.destroy())
  }
}

async function endGroup(pid: number | undefined, exited: Promise<unknown>): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  await Promise.race([exited.catch(() => undefined), sleep(grace)])
  signalGroup(pid, 'SIGKILL')
  await Promise.race([exited.catch(() => undefined), sleep(grace / 2)])
}
