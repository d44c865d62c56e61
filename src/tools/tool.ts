import { describeError } from '../base/errors.ts'
import type { ToolSpec } from '../domain/tool-spec.ts'
import type { CallPlace } from './files/call-place.ts'
import type { Claim, NameClaiming } from './policy/tool-claim.ts'
import { Refusal } from './refusal.ts'
import type { ShownLine } from './reveal.ts'
import type { Shape } from './shape.ts'

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
  /** What its calls claim, by which the policy decides what of it runs unasked. */
  readonly claims: Claim['type']
  /** Checks the model's input and looks at what it means here. Changes nothing, never throws. */
  prepare(input: unknown, place: CallPlace): Promise<Prepared>
}

/** What a tool's own file says; it may throw Refusal and anything else in both steps. */
export interface Definition<I, T extends Claim['type']> {
  /** A new one of ours is first named in `policy/tool-claim.ts`. */
  name: NameClaiming<T>
  description: string
  shape: Shape<I>
  claims: T
  /** Adds words of ours to a result; default: a line behind it. */
  remark?: (content: string, words: string) => string
  prepare(input: I, place: CallPlace): Promise<Ready<Extract<Claim, { type: T }>>>
}

/** What `Prepared` says of a call that can run. */
type Ready<C extends Claim> = Omit<Extract<Prepared, { type: 'ready' }>, 'type' | 'claim'> & { claim: C }

/** Turns whatever a definition throws into the refusals and error results that the model reads. */
export function defineTool<I, T extends Claim['type']>({
  name,
  description,
  shape,
  claims,
  prepare,
  remark = behind,
}: Definition<I, T>): Tool {
  return {
    spec: { name, description, schema: shape.schema },
    claims,
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
