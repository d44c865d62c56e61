import { answerQuestion, openQuestion } from '../../sessions/answer-approval.ts'
import { findSession } from '../../sessions/list/find-session.ts'
import { readStandardInput } from '../../terminal/standard-input.ts'
import { print } from '../../text/print.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { globalArgs } from '../arguments.ts'
import { shownCall } from '../shown-call.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'deny', description: 'Decline what a session asks permission for' },
  args: {
    name: { type: 'positional', required: true, completes: 'open-session', description: 'The session' },
    text: {
      type: 'positional',
      rest: true,
      required: false,
      description: 'What the model is told: what to do instead; - reads it from standard input',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const session = findSession(workspace, args.name)
      const words = args._.slice(1)
      const text =
        words.length === 1 && words[0] === '-' ? await readStandardInput(process.stdin) : words.join(' ')
      const question = await openQuestion(workspace, session)
      const style = createStyle(wantsColour(process.stdout, process.env))
      for (const line of shownCall(question, process.stdout.columns, style)) print(`${line}\n`)
      await answerQuestion(workspace, session, question, { type: 'decline', text: text.trim() })
      ;(await talk()).log(`${session.name}: declined`)
    }),
})
