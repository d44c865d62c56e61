import { findSession } from '../../sessions/list/find-session.ts'
import { type Sent, sendPrompt } from '../../sessions/send-prompt.ts'
import { readStandardInput } from '../../terminal/standard-input.ts'
import { print } from '../../text/print.ts'
import { globalArgs } from '../arguments.ts'
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
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const session = findSession(workspace, args.name)
      const words = args._.slice(1)
      const piped = words.length === 1 && words[0] === '-'
      const text = piped ? await readStandardInput(process.stdin) : words.join(' ')
      const mayBeCommand = !piped && (await isCommand(text))
      const sent = await sendPrompt(workspace, session, text, mayBeCommand)
      print(`${session.name}: ${describe(sent)}\n`)
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
  if (sent.state === 'queued') return `accepted, number ${sent.place} in its queue`
  return 'kept: no worker takes it now, it goes when the session is open again'
}
