import { realpath } from 'node:fs/promises'
import { headAndTail } from './cap.ts'
import { toolEnvironment } from './command-environment.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { Refusal } from './refusal.ts'
import { revealLines } from './reveal.ts'
import { type CommandEnd, type CommandOptions, runCommand } from './run-command.ts'
import { also, object, optional, text } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'

export interface BashOptions {
  /** ms; default 5 minutes. */
  timeout?: number
  /** Variables that are handed on although they look like secrets. */
  allowedVariables?: readonly string[]
  guard?: CommandOptions['guard']
}

/** UTF-16 units of each stream that go to the model, and of both to the screen; bytes after which a command is ended. */
const caps = { stdout: 48_000, stderr: 16_000, screen: 256_000, end: 268_435_456 }

const shape = object({
  command: also(
    ['cmd', 'command_line', 'script'],
    text('The command line, run by bash -c in the working directory. Standard input is empty.', {
      min: 1,
      limit: 100_000,
    }),
  ),
  summary: optional(text('One line on what the command is for', { limit: 1000 })),
})

/** Runs a command line. What is shown is all of it, byte for byte. */
export function executeBash(options: BashOptions = {}, operations: Operations = realOperations): Tool {
  const timeout = options.timeout ?? 300_000
  return defineTool({
    name: 'execute_bash',
    description: `Runs a command line with bash. It has no terminal and no standard input, and ends after ${timeout / 1000} s; what it leaves running in the background is ended with it.`,
    shape,
    claims: 'command',
    // Its result is JSON, and stays that.
    remark: (content, words) => JSON.stringify({ ...JSON.parse(content), remark: words }),
    async prepare({ command }, { cwd }) {
      if (command.includes('\0')) throw new Refusal('Expected a command without NUL characters')
      if (command.trim() === '') throw new Refusal('Expected a command, got blanks')
      return {
        lines: revealLines(command),
        claim: { type: 'command', tool: 'execute_bash', command, cwd: await realpath(cwd) },
        async run({ signal, onOutput, env }) {
          const kept = { stdout: headAndTail(caps.stdout), stderr: headAndTail(caps.stderr) }
          const screen = limited(onOutput, caps.screen)
          const end = await runCommand(operations, command, {
            cwd,
            env: toolEnvironment(env, options.allowedVariables),
            signal,
            timeout,
            outputLimit: caps.end,
            guard: options.guard,
            onOutput(piece, stream) {
              kept[stream].add(piece)
              screen(piece)
            },
          })
          const note = noteOn(end, timeout)
          const content = JSON.stringify({
            exit_status: String(end.status),
            stdout: kept.stdout.text(),
            stderr: kept.stderr.text(),
            ...(note === '' ? {} : { note }),
          })
          return { content, status: end.reason === 'exited' && end.status === 0 ? 'success' : 'error' }
        },
      }
    },
  })
}

function noteOn({ reason, leftBehind }: CommandEnd, timeout: number): string {
  if (reason === 'stopped') return 'Stopped by the user.'
  if (reason === 'timeout') return `Ended after ${timeout / 1000} s.`
  if (reason === 'output') return `Ended: it printed more than ${caps.end} bytes.`
  return leftBehind ? 'Processes that it left in the background were ended.' : ''
}

/** Passes on so much and then says once that there is more. */
function limited(onOutput: (text: string) => void, limit: number): (text: string) => void {
  let left = limit
  return (piece) => {
    if (left <= 0) return
    onOutput(piece.slice(0, left))
    left -= piece.length
    if (left <= 0) onOutput('\n[more output is not shown]\n')
  }
}
