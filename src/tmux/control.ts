import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { type Command, type Tmux, TmuxError } from './door.ts'
import { lineOf } from './tmux-quote.ts'

/** A notification without its `%`: `{ name: 'window-add', words: ['@3'] }`. */
export interface Notification {
  name: string
  words: string[]
}

export interface ControlConnection extends Tmux {
  /** Resolves once, when the connection is over, with tmux's reason. */
  closed: Promise<string>
  close(): void
}

/**
 * Speaks tmux's control mode over the pipes of a `tmux -C` client. A command line's answers are the `%begin … %end`
 * blocks with the same three numbers, one for each command, in order; a block without our flag is the attaching itself.
 */
export function controlConnection(
  child: ChildProcessWithoutNullStreams,
  onNotification: (event: Notification) => void,
): ControlConnection {
  const waiting: Pending[] = []
  let block: { id: string; ours: boolean; lines: string[] } | undefined
  let reason = 'connection lost'
  let ends = 0

  const finish = Promise.withResolvers<string>()
  child.stdin.on('error', (error) => {
    reason = error.message
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    reason = text.trim() || reason
  })
  onLines(child.stdout, receive)
  child.on('error', (error) => end(error.message))
  child.on('close', () => end(reason))

  return {
    closed: finish.promise,
    close: () => child.stdin.end(),
    run: (...commands) =>
      new Promise((resolve, reject) => {
        const line = lineOf(commands)
        if (!child.stdin.writable) return reject(new TmuxError(names(commands), reason))
        const isOne = !commands.some(([name = '']) => answeringOften.has(name))
        ends += 1
        const end = isOne ? undefined : `q-mux-end-${ends}`
        waiting.push({ commands, left: commands.length, end, output: [], resolve, reject })
        const fence = end === undefined ? '' : `${lineOf([['display-message', '-p', end]])}\n`
        child.stdin.write(`${line}\n${fence}`)
      }),
  }

  function receive(line: string): void {
    const guard = /^%(begin|end|error) (\d+ \d+ (\d+))$/.exec(line)
    if (block) {
      if (guard && guard[1] !== 'begin' && guard[2] === block.id) {
        const done = block
        block = undefined
        if (done.ours) settle(done.lines, guard[1] === 'error')
      } else block.lines.push(line)
      return
    }
    if (guard?.[1] === 'begin') block = { id: guard[2] ?? '', ours: guard[3] === '1', lines: [] }
    else if (line.startsWith('%exit')) reason = line.slice(6) || 'the session ended'
    else if (line.startsWith('%')) {
      const [name = '', ...words] = line.slice(1).split(' ')
      onNotification({ name, words })
    }
  }

  function settle(lines: string[], failed: boolean): void {
    const first = waiting[0]
    if (!first) return
    if (first.end !== undefined) {
      if (lines.length === 1 && lines[0] === first.end) return finishOpen(first)
      if (failed) first.failure ??= lines.join(' ') || 'failed'
      else first.output.push(...lines)
      return
    }
    if (failed) {
      waiting.shift()
      first.reject(new TmuxError(names(first.commands), lines.join(' ') || 'failed'))
      return
    }
    first.output.push(...lines)
    first.left -= 1
    if (first.left > 0) return
    waiting.shift()
    first.resolve(first.output.join('\n'))
  }

  function finishOpen({ commands, failure, output, resolve, reject }: Pending): void {
    waiting.shift()
    if (failure === undefined) resolve(output.join('\n'))
    else reject(new TmuxError(names(commands), failure, output.join('\n')))
  }

  function end(why: string): void {
    for (const pending of waiting.splice(0)) pending.reject(new TmuxError(names(pending.commands), why))
    finish.resolve(why)
  }
}

/** They answer with a block for each command that they run, too. */
const answeringOften = new Set(['source-file', 'if-shell', 'run-shell'])

interface Pending {
  commands: Command[]
  /** Blocks that are still to come. */
  left: number
  /** Where the number of blocks is not known: what the one behind the last says. */
  end: string | undefined
  failure?: string
  output: string[]
  resolve(output: string): void
  reject(error: Error): void
}

function names(commands: Command[]): string {
  return commands.map((command) => command[0]).join(' ; ')
}

function onLines(stream: NodeJS.ReadableStream, each: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) each(line.endsWith('\r') ? line.slice(0, -1) : line)
  })
}
