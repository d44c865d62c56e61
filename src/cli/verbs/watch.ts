import { exitCode, UserError } from '../../base/errors.ts'
import { followEvents } from '../../sessions/follow-events.ts'
import { describeWorkspace } from '../../sessions/list/describe.ts'
import { lastEvent, type StoredEvent } from '../../store/events.ts'
import { oneLine } from '../../text/plain-text.ts'
import { print, printJson, whenReaderGoes } from '../../text/print.ts'
import { clockTime } from '../../text/when.ts'
import { globalArgs } from '../arguments.ts'
import { version } from '../package-version.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: {
    name: 'watch',
    description: 'Say what happens in the workspace, as it happens, a line for each event',
  },
  args: {
    json: { type: 'boolean', description: 'For programs: an object a line, the sessions first' },
    after: {
      type: 'string',
      valueHint: 'SEQ',
      description: 'Begin behind this event, and leave none out; default: with the next',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const last = lastEvent(workspace.store)
      const after = args.after === undefined ? last : parsePlace(args.after)
      if (args.json) {
        const { sessions } = await describeWorkspace(workspace)
        const at = workspace.now()
        printJson({ v: 1, event: 'hello', seq: last, at, version, workspace: workspace.name, sessions })
      }
      const gone = new AbortController()
      whenReaderGoes(() => gone.abort())
      for await (const events of followEvents(workspace, after, gone.signal))
        for (const event of events) {
          if (args.json) printJson(jsonOf(event))
          else print(`${lineOf(event, workspace.now())}\n`)
        }
    }),
})

function jsonOf({ facts, ...event }: StoredEvent) {
  return { ...facts, v: 1, ...event }
}

/** `14:02:11  s3-debug  state waiting approval: execute_bash npm test`. */
function lineOf({ at, workspace, name, event, facts }: StoredEvent, now: number): string {
  const { state, waitingFor, detail, before, ...rest } = facts
  const from = before === undefined ? undefined : `from ${before}`
  const words = [event, state, waitingFor, from, ...Object.values(rest)].filter(
    (word) => typeof word === 'string' || typeof word === 'number',
  )
  const about = typeof detail === 'string' && detail !== '' ? `: ${detail}` : ''
  return `${clockTime(at, now)}  ${name ?? workspace}  ${oneLine(words.join(' ') + about, 200)}`
}

function parsePlace(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UserError(`--after takes the seq of an event, not "${oneLine(text, 20)}"`, {
    exit: exitCode.usage,
  })
}
