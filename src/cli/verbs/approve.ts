import { exitCode, UserError } from '../../base/errors.ts'
import { readVerdict, type Verdict } from '../../domain/approval.ts'
import type { Session } from '../../domain/session.ts'
import { answerQuestion, openQuestion } from '../../sessions/answer-approval.ts'
import { findSession } from '../../sessions/list/find-session.ts'
import type { OpenQuestion } from '../../store/approvals.ts'
import { print } from '../../text/print.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { globalArgs } from '../arguments.ts'
import { askHere } from '../ask-here.ts'
import { shownCall, verdictWords } from '../shown-call.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'approve', description: 'Show what a session asks permission for, and approve it from here' },
  args: {
    name: { type: 'positional', required: true, completes: 'open-session', description: 'The session' },
    yes: { type: 'boolean', alias: 'y', description: 'Approve what is shown, once, without asking' },
    trust: { type: 'boolean', description: 'Approve it, and trust it there from now on, as t does' },
    question: {
      type: 'string',
      valueHint: 'N',
      description: 'Only if this is still the question: the number that was shown before',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const session = findSession(workspace, args.name)
      const question = await openQuestion(workspace, session)
      requireQuestion(session, question, args.question)
      const given: Verdict | undefined = args.trust
        ? { type: 'trust' }
        : args.yes
          ? { type: 'approve' }
          : undefined
      const verdict = given ?? (isTerminal() ? await ask(session, question) : undefined)
      // Who is asked has seen it.
      if (given || !verdict) printQuestion(question)
      if (!verdict) throw needsYes(session, question)
      await answerQuestion(workspace, session, question, verdict)
      ;(await talk()).log(`${session.name}: ${verdictWords(verdict)}`)
      return verdict.type === 'decline' ? exitCode.failed : exitCode.done
    }),
})

/** @throws UserError when the session asks something else than what was looked at */
function requireQuestion(session: Session, question: OpenQuestion, wanted: string | undefined): void {
  if (wanted === undefined || wanted === String(question.id)) return
  throw new UserError(
    `${session.name} does not ask question ${wanted} any more, but question ${question.id}`,
    {
      hint: `look at it: q mux approve ${session.name}`,
    },
  )
}

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY
}

function printQuestion(question: OpenQuestion): void {
  const style = createStyle(wantsColour(process.stdout, process.env))
  for (const row of shownCall(question, process.stdout.columns, style)) print(`${row}\n`)
}

function needsYes({ name }: Session, { id }: OpenQuestion): UserError {
  return new UserError(`approving what ${name} asks needs a yes`, {
    hint: `if that is what is to run: q mux approve ${name} --yes --question ${id}`,
    exit: exitCode.usage,
  })
}

/** @throws UserError when the question is left open */
async function ask(session: Session, question: OpenQuestion): Promise<Verdict> {
  const answer = await askHere(question)
  if (answer.type === 'line') return readVerdict(answer.text)
  throw new UserError(`left open: ${session.name} still waits for an approval`, {
    exit: exitCode.interrupted,
  })
}
