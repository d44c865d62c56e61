import { exitCode, UserError } from '../../base/errors.ts'
import { splitList } from '../../config/checks/check-values.ts'
import { findOpenOrClosed } from '../../sessions/list/find-session.ts'
import { type AwaitedState, awaitedStates, waitForSessions } from '../../sessions/wait-for-sessions.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { oneLine } from '../../text/plain-text.ts'
import { print } from '../../text/print.ts'
import { globalArgs, parseSeconds } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'wait', description: 'Wait until a session needs you, and say which one and why' },
  args: {
    name: {
      type: 'positional',
      required: false,
      rest: true,
      completes: 'open-session',
      description: 'The sessions; default: any that is open',
    },
    for: {
      type: 'string',
      valueHint: awaitedStates.join(','),
      completes: awaitedStates,
      description: 'What for; default: all of these',
    },
    all: { type: 'boolean', description: 'Until every one of them is so far' },
    timeout: {
      type: 'string',
      valueHint: 'S',
      description: 'Give up after so many seconds, with exit code 3',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const names = args._
      const met = await waitForSessions(workspace, {
        sessions: names.length === 0 ? undefined : names.map((name) => findOpenOrClosed(workspace, name)),
        states: new Set(parseStates(args.for)),
        all: args.all === true,
        timeoutMs: args.timeout === undefined ? undefined : parseSeconds(args.timeout) * 1000,
      })
      for (const { name, state } of met ?? []) print(`${name}\t${state}\n`)
      if (met) return exitCode.done
      ;(await talk()).log('the time is up')
      return exitCode.timeUp
    }),
})

function parseStates(text: string | undefined): readonly AwaitedState[] {
  if (text === undefined) return awaitedStates
  return splitList(text).map((word) => {
    const state = awaitedStates.find((one) => one === word)
    if (state) return state
    const hint = didYouMean(word, awaitedStates)
    throw new UserError(`--for takes ${awaitedStates.join(', ')}, not "${oneLine(word, 20)}"`, {
      ...(hint === undefined ? {} : { hint }),
      exit: exitCode.usage,
    })
  })
}
