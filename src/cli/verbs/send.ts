import { text as readAll } from 'node:stream/consumers'
import { defineCommand } from 'citty'
import { print } from '../../domain/print.ts'
import { findSession } from '../../sessions/find.ts'
import { type Sent, sendPrompt } from '../../sessions/send.ts'
import { globalArgs } from '../arguments.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'send', description: 'Give a session its next prompt without going there' },
  args: {
    name: { type: 'positional', required: true, description: 'The session' },
    text: { type: 'positional', required: true, description: 'The prompt; - reads it from standard input' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const session = findSession(workspace, args.name)
      const words = args._.slice(1)
      const prompt = words.length === 1 && words[0] === '-' ? await readAll(process.stdin) : words.join(' ')
      const sent = await sendPrompt(workspace, session, prompt)
      print(`${session.name}: ${describe(sent)}\n`)
    }),
})

function describe(sent: Sent): string {
  if (sent.state === 'started') return 'accepted, it starts now'
  if (sent.state === 'queued') return `accepted, number ${sent.place} in its queue`
  return 'kept: no worker takes it now, it goes when the session is open again'
}
