import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../base/errors.ts'
import { signalGroup } from '../base/process-group.ts'
import { sanitize } from '../text/sanitizer.ts'
import { guardGroup } from './guard.ts'
import { lineReader } from './json-lines.ts'

export interface ProcessOptions {
  command: string
  args: readonly string[]
  cwd: string
  env: Record<string, string>
  /** A line of its output; throws for one that is no message. */
  onLine(line: string): void
}

/** A server's process with a process group, and no terminal, of its own. */
export interface ServerProcess {
  write(text: string): void
  /** Resolves with how it ended, in words; its whole group is gone then. Never rejects. */
  ended: Promise<string>
  /** The last lines of its standard error, safe for a terminal; empty if there are none. */
  lastWords(): string
  /** Closes its standard input, then signals its group. Resolves when it is gone. */
  end(): Promise<void>
}

/** ms for a server to end by itself, and again after TERM. */
const grace = 250
/** UTF-16 units of standard error that are kept. */
const maxLastWords = 2000

/** @throws Error with words for people when it cannot be started */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const closed = Promise.withResolvers<string>()
  child.once('exit', (code, signal) =>
    closed.resolve(signal ? `it ended by ${signal}` : `it ended with exit code ${code}`),
  )
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(startWords(error, options), { cause: undefined })
  })
  child.on('error', () => {})
  const group = child.pid as number
  const callOff = guardGroup(group)
  let gone = false
  let words = ''
  const errors = new TextDecoder()
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + errors.decode(chunk, { stream: true })).slice(-maxLastWords)
  })
  const lines = lineReader(options.onLine, (why) => closed.resolve(`it was ended: ${why}`))
  child.stdout?.on('data', (chunk: Buffer) => lines.add(chunk))
  // One that nobody can hear any more is of no use.
  child.stdout?.once('close', () => setTimeout(() => closed.resolve('it closed its standard output'), grace))
  // A pipe that breaks says no more than the end of the process, which is heard of anyway.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => {})
  const said = Promise.all([child.stdout, child.stderr].map(closedOf))
  const ended = closed.promise.then(async (how) => {
    await endGroup(child, group)
    // What it said last is read before anybody hears of its end.
    await Promise.race([said, sleep(grace)])
    gone = true
    callOff()
    return how
  })
  return {
    write: (text) => void (child.stdin?.writable && child.stdin.write(text)),
    ended,
    lastWords: () => sanitize(words.toWellFormed()).trim(),
    async end() {
      if (gone) return
      child.stdin?.end()
      await Promise.race([ended, sleep(grace)])
      closed.resolve('it was ended')
      await ended
    },
  }
}

/** TERM, and KILL for what does not mind it: also for what the server started and left behind. */
async function endGroup(child: ChildProcess, group: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  for (let waited = 0; waited < grace && !(isGone() && !signalGroup(group, 0)); waited += 10) await sleep(10)
  signalGroup(group, 'SIGKILL')
  if (!isGone()) await Promise.race([once(child, 'exit'), sleep(grace)])
}

function closedOf(stream: Readable | null): Promise<unknown> {
  return new Promise((resolve) =>
    stream && !stream.closed ? stream.once('close', resolve) : resolve(undefined),
  )
}

function startWords(error: unknown, { command, cwd }: ProcessOptions): string {
  const code = errorCode(error)
  if (code === 'ENOENT' && !statSync(cwd, { throwIfNoEntry: false })) return `its directory ${cwd} is gone`
  if (code === 'ENOENT') return `there is no command ${command}`
  if (code === 'EACCES') return `${command} may not be run: permission denied`
  return `${command} does not start: ${error instanceof Error ? error.message : String(error)}`
}
