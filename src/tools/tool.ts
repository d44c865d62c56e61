import { describeError } from '../base/errors.ts'
import type { ToolSpec } from '../domain/tool-spec.ts'
import type { Place } from './files/call-place.ts'
import type { Claim } from './policy/tool-claim.ts'
import type { ShownLine } from './reveal.ts'
import { Refusal, type Shape } from './shape.ts'

export interface RunContext {
  /** Fires when the user stops the turn: the tool returns within 100 ms. */
  signal: AbortSignal
  /** Output as it comes, untrusted and capped. */
  onOutput(text: string): void
  env: Readonly<Record<string, string | undefined>>
}

export interface ToolResult {
  content: string
  status: 'success' | 'error'
}

/** One call, looked at before anybody is asked. */
export type Prepared =
  /** It cannot run; `content` tells the model why, as an error result. */
  | { type: 'refused'; content: string }
  /**
   * `lines` is what would run, for people, and `claim` the same for the policy. `run` does exactly that, or refuses when
   * the files are not any more what was shown. It never throws.
   */
  | { type: 'ready'; lines: ShownLine[]; claim: Claim; run(context: RunContext): Promise<ToolResult> }

export interface Tool {
  readonly spec: ToolSpec
  /** What of it runs unasked where no rule says otherwise: what stays in the working directory, or nothing. */
  readonly trusted: 'here' | 'never'
  /** Checks the model's input and looks at what it means here. Changes nothing, never throws. */
  prepare(input: unknown, place: Place): Promise<Prepared>
}

/** What a tool's own file says; it may throw Refusal and anything else in both steps. */
export interface Definition<I> {
  name: string
  description: string
  shape: Shape<I>
  trusted: Tool['trusted']
  /** Adds words of ours to a result; default: a line behind it. */
  remark?: (content: string, words: string) => string
  prepare(input: I, place: Place): Promise<Omit<Extract<Prepared, { type: 'ready' }>, 'type'>>
}

/** Turns whatever a definition throws into the refusals and error results that the model reads. */
export function defineTool<I>({
  name,
  description,
  shape,
  trusted,
  prepare,
  remark = behind,
}: Definition<I>): Tool {
  return {
    spec: { name, description, schema: shape.schema },
    trusted,
    async prepare(input, place) {
      try {
        const left: string[] = []
        const read = shape.read(input, '', (argument) => left.push(argument))
        const { lines, claim, run } = await prepare(read, place)
        if (left.length === 0) return { type: 'ready', lines, claim, run: (context) => guarded(run, context) }
        const words = `Left out, as ${name} has no such argument: ${[...new Set(left)].join(', ')}`
        return {
          type: 'ready',
          lines,
          claim,
          run: (context) =>
            guarded(async (given) => {
              const { content, status } = await run(given)
              return { content: remark(content, words), status }
            }, context),
        }
      } catch (error) {
        return { type: 'refused', content: wordsOf(error) }
      }
    },
  }
}

function behind(content: string, words: string): string {
  return `${content}\n[${words}]`
}

async function guarded(
  run: (context: RunContext) => Promise<ToolResult>,
  context: RunContext,
): Promise<ToolResult> {
  if (context.signal.aborted) return interrupted
  try {
    return await run(context)
  } catch (error) {
    return context.signal.aborted ? interrupted : { content: wordsOf(error), status: 'error' }
  }
}

/** The user stopped it. */
export const interrupted: ToolResult = { content: 'Stopped by the user.', status: 'error' }

function wordsOf(error: unknown): string {
  return error instanceof Refusal ? error.message : `It failed: ${describeError(error)}`
}
