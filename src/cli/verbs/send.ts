import { exitCode, UserError } from '../../base/errors.ts'
import { awaitAnswer } from '../../sessions/await-answer.ts'
import { findSession } from '../../sessions/list/find-session.ts'
import { type Sent, sendPrompt } from '../../sessions/send-prompt.ts'
import { readLastMessages } from '../../store/messages.ts'
import { readStandardInput } from '../../terminal/standard-input.ts'
import { print } from '../../text/print.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { globalArgs, parseSeconds } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'send', description: 'Give a session its next prompt without going there' },
  args: {
    name: { type: 'positional', required: true, completes: 'open-session', description: 'The session' },
    text: {
      type: 'positional',
      rest: true,
      required: true,
      description: 'The prompt; - reads it from standard input',
    },
    wait: { type: 'boolean', description: 'Until it is answered, and print the answer' },
    timeout: {
      type: 'string',
      valueHint: 'S',
      description: 'With --wait: give up after so many seconds, with exit code 3',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const session = findSession(workspace, args.name)
      const words = args._.slice(1)
      const piped = words.length === 1 && words[0] === '-'
      const text = piped ? await readStandardInput(process.stdin) : words.join(' ')
      const mayBeCommand = !piped && (await isCommand(text))
      const timeoutMs = args.timeout === undefined ? undefined : parseSeconds(args.timeout) * 1000
      const [last] = readLastMessages(workspace.store, session.id, 1)
      const sent = await sendPrompt(workspace, session, text, mayBeCommand)
      if (!args.wait || mayBeCommand) {
        print(`${session.name}: ${describe(sent)}\n`)
        return exitCode.done
      }
      const { warn } = await talk()
      const answered = await awaitAnswer(workspace, {
        session,
        prompt: text,
        after: last?.seq ?? 0,
        asked: (detail) =>
          warn(`${session.name} asks for permission: ${detail}. Answer: q mux approve ${session.name}`),
        signal: timeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutMs),
      })
      if (answered?.type === 'answered') {
        print(`${sanitize(answered.text).trimEnd()}\n`)
        return exitCode.done
      }
      if (answered) throw new UserError(`${session.name} did not answer: ${answered.detail}`)
      ;(await talk()).log('the time is up')
      return exitCode.timeUp
    }),
})

/** @throws UserError for a command that would be refused there: its sender hears of it, and nobody else */
async function isCommand(text: string): Promise<boolean> {
  if (!text.trim().startsWith('/')) return false
  const { readCommandLine } = await import('../../worker/commands/command-line.ts')
  return readCommandLine(text).type === 'command'
}

function describe(sent: Sent): string {
  if (sent.state === 'started') return 'accepted, it starts now'
  if (sent.state === 'queued')
    return `accepted, number ${sent.place} in its queue${sent.why === undefined ? '' : `: ${sent.why}`}`
  return 'kept: no worker takes it now, it goes when the session is open again'
}
