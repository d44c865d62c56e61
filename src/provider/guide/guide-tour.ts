import { type Message, textOf } from '../../domain/message.ts'
import { oneLine } from '../../text/plain-text.ts'

/** What a step says, and what it then asks to run, so that the newcomer sees a session ask. */
export interface TourStep {
  text: string
  command?: string
}

/** What the ids of the tour's own tool uses begin with. */
export const askedByTour = 'tour-'

/**
 * The step of the tour that a prompt asks for: `tour` the first, `tour 3` the third, `next` the one after the last that
 * this conversation saw. undefined: the prompt is about something else. Nothing is kept anywhere but in the history.
 */
export function tourStep(prompt: string, before: readonly Message[]): TourStep | undefined {
  const asked = /^(?:take (?:me on )?(?:the |a )?)?tour(?: (\d))?\W*$/i.exec(prompt)
  if (asked) return steps[Math.min(Number(asked[1] ?? 1), steps.length) - 1] ?? steps[0]
  if (!/^(next|continue|go on)\W*$/i.test(prompt)) return undefined
  // A session that was opened by the first step has no history of its own: there the tour goes on with the second.
  const seen = lastStep(before) ?? 1
  return (
    steps[seen] ?? {
      text: 'That was the whole tour. Ask me anything about q mux, or say `tour` to see it again.\n',
    }
  )
}

/** What the guide says when the command of a step was allowed, declined or kept from running; undefined: no result. */
export function afterAsking(last: Message | undefined): string | undefined {
  const result = last?.blocks.findLast((block) => block.type === 'tool_result')
  if (!last || result?.type !== 'tool_result' || textOf(last).trim() !== '') return undefined
  if (!result.id.startsWith(askedByTour)) return undefined
  return `${outcomeWords(result)}\n\nType \`tour 5\`, the last step.\n`
}

function outcomeWords({ status, content }: { status: string; content: string }): string {
  if (status === 'success')
    return 'It was allowed, and it ran: what it printed stands above. A model would now read it and go on.'
  if (/^The user declined/.test(content))
    return (
      'You declined, so nothing ran. A model would be told so and go on without it. Words typed in place of y, n or t ' +
      'decline, too, and reach the model: no, use the other file.'
    )
  return `It did not run: ${oneLine(content)}`
}

function lastStep(messages: readonly Message[]): number | undefined {
  const starts = messages.flatMap((message) => {
    const number = message.role === 'assistant' ? /^Tour, step (\d) of/.exec(textOf(message))?.[1] : undefined
    return number === undefined ? [] : [Number(number)]
  })
  return starts.at(-1)
}

const steps: readonly TourStep[] = [
  {
    text: `Tour, step 1 of 5: a second session

You are in a session; its name stands in front of every prompt, like [name] q>. Each session is a tmux window with a
conversation of its own. The corner at the top right names the other sessions that wait for you: it is empty now.

Type this; it opens a second session and takes you there:

    /new planning trip

Once there, type \`tour 2\`.
`,
  },
  {
    text: `Tour, step 2 of 5: a session that works while you are elsewhere

Say \`count to 20\`. I count one number a second, so this session is processing. Do not wait for it: press your
tmux prefix (Ctrl-b, if you never changed it) and then A, which takes you back to where you were.
\`/switch NAME\` does the same by name.

Back in the first session, type \`tour 3\`.
`,
  },
  {
    text: `Tour, step 3 of 5: the corner and the jump

When the counting is done, the name of that session appears in the corner, at the top right: it has its answer and
waits for you. Press the prefix and then a to jump there, whichever session that is; with several, to the one that
needs you first. The prefix and A bring you back.

A session waits until you answer it, not until you look at it. Now type \`tour 4\`, in either session.
`,
  },
  {
    text: `Tour, step 4 of 5: a session that asks before it acts

A model may run commands and change files, and asks you first. In ten seconds I ask for a harmless command. Do not wait
for it: press the prefix and then A, as before. From there you see that this session asks: in the corner its name has
a \`!\` behind it, and \`/sessions\` says what it wants to run. The prefix and a take you back to the question.
From a shell, q mux approve and its name answer it without going there.

Type one of these as your answer:

    y    run it, this once
    n    do not run it
    t    run it, and trust this very command for the rest of this session

`,
    command: 'echo hello from q',
  },
  {
    text: `Tour, step 5 of 5: tidy up, and a real model

\`/sessions\` lists your sessions, \`/close NAME\` closes one, \`/help\` shows the rest. The prefix and S open a picker.

I am only the guide. For a real model give q mux AWS credentials with access to Claude on Amazon Bedrock, in one of
these ways:

    aws configure                          (or: aws sso login, then export AWS_PROFILE=name)
    export AWS_BEARER_TOKEN_BEDROCK=...    (a Bedrock API key)
    export AWS_REGION=us-east-1            (the region, if your profile names none)

After aws configure just go on: the next prompt uses it. After an export, run \`q mux\` again from that shell.
That was the tour.
`,
  },
]
