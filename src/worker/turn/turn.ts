import type { Block } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { Failure, FailureKind, ModelRequest, OnPause, Provider, Usage } from '../../provider/provider.ts'
import { appendMessage, updateMessage } from '../../store/messages.ts'
import type { Store } from '../../store/store.ts'
import { growingAnswer, type ToolUse } from './growing-answer.ts'
import { createStalls, cutResult, cutUse } from './stalls.ts'

export interface TurnDeps {
  store: Store
  session: string
  provider: Provider
  context: TurnContext
  tools: readonly ToolSpec[]
  /** Runs a tool that the model asked for; a failure is a result too. Called once the use is committed. */
  runTool(use: ToolUse): Promise<{ content: string; status: 'success' | 'error' }>
  /** The answer as it comes, untrusted. */
  onText(text: string): void
  /** A line for people about the answer so far. */
  tell(line: string): Promise<void>
  onPause: OnPause
  signal: AbortSignal
}

/** What the model gets to see in a turn. Asked anew in each round. */
export interface TurnContext {
  /** The conversation as it is stored now, valid for a model, and what stands before it. */
  request(): Promise<Pick<ModelRequest, 'messages' | 'system'>>
  /** The service counted the last request. */
  counted(usage: Usage): void
  /** The last request was too long. true: a shorter one is worth sending. */
  tooLong(): Promise<boolean>
}

export type TurnResult =
  /** `usage`: of all its rounds together. */
  { outcome: 'done'; stopReason: string; usage: Usage | undefined } | FailedTurn | { outcome: 'interrupted' }

export interface FailedTurn {
  outcome: 'failed'
  kind: FailureKind
  message: string
  hint: string | undefined
  /** When what was used up is there again, in ms since the epoch. */
  until?: number | undefined
}

/** A model that calls tools for ever is stopped. */
const maxRounds = 50

/**
 * One turn: sends the conversation, which ends with the user's committed message, and commits the answer as it grows.
 * Tools are run and their results sent until the model is done. Throws only what the store throws.
 */
export async function runTurn(deps: TurnDeps): Promise<TurnResult> {
  let usage: Usage | undefined
  let shortened = false
  const stalls = createStalls()
  for (let round = 0; round < maxRounds; round += 1) {
    const { result, uses } = await oneAnswer(deps)
    if (result.outcome === 'failed' && result.kind === 'overflow' && !shortened) {
      shortened = true
      if (await deps.context.tooLong()) continue
      if (deps.signal.aborted) return { outcome: 'interrupted' }
    }
    if (result.outcome !== 'done') return result
    if (result.usage) {
      deps.context.counted(result.usage)
      usage = usage ? together(usage, result.usage) : result.usage
    }
    if (uses.length === 0) return { ...result, usage }
    const { stopReason } = result
    const cut = cutUse(stopReason, uses)
    const results = await runTools(deps, uses, cut)
    if (deps.signal.aborted) return { outcome: 'interrupted' }
    if (cut) await deps.tell(`(the answer reached its output limit, which cut ${cut.name}: it was not run)`)
    const stall = stalls({ stopReason, uses, results })
    if (stall) return failed(stall)
  }
  return {
    outcome: 'failed',
    kind: 'service',
    message: `the model asked for tools ${maxRounds} times in a row`,
    hint: 'tell it how to go on',
  }
}

function together(a: Usage, b: Usage): Usage {
  const sum: Usage = {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  }
  for (const key of ['cacheReadTokens', 'cacheWriteTokens'] as const) {
    if (a[key] !== undefined || b[key] !== undefined) sum[key] = (a[key] ?? 0) + (b[key] ?? 0)
  }
  return sum
}

/** Each result is committed as it comes: what ran is known to have run, whatever ends the worker before the next one. */
async function runTools(
  { store, session, signal, runTool }: TurnDeps,
  uses: ToolUse[],
  cut: ToolUse | undefined,
): Promise<ToolResultBlock[]> {
  const results: ToolResultBlock[] = []
  let seq: number | undefined
  for (const use of uses) {
    if (signal.aborted) break
    const result = use === cut ? cutResult : await runTool(use)
    results.push({ type: 'tool_result', id: use.id, ...result })
    const partial = results.length < uses.length
    if (seq === undefined) seq = await appendMessage(store, session, 'user', results, partial)
    else await updateMessage(store, session, seq, results, partial)
  }
  return results
}

type ToolResultBlock = Extract<Block, { type: 'tool_result' }>

async function oneAnswer(deps: TurnDeps): Promise<{ result: TurnResult; uses: ToolUse[] }> {
  const { store, session, provider, signal } = deps
  const request = { ...(await deps.context.request()), tools: deps.tools, cache: true }
  if (signal.aborted) return { result: { outcome: 'interrupted' }, uses: [] }
  const answer = growingAnswer(store, session)
  let result: TurnResult = {
    outcome: 'failed',
    kind: 'cut',
    message: 'the answer ended without an end',
    hint: undefined,
  }
  try {
    for await (const event of provider.stream(request, signal, deps.onPause)) {
      if (event.type === 'end') result = endOf(event)
      else if (event.type === 'failure') result = failure(event, signal)
      else {
        await answer.add(event)
        if (event.type === 'text') deps.onText(event.text)
      }
    }
  } finally {
    await answer.save(result.outcome !== 'done')
  }
  return { result, uses: answer.uses() }
}

/** An answer that the end of the window cut is as a request that is too long. */
function endOf({ stopReason, usage }: { stopReason: string; usage?: Usage }): TurnResult {
  if (stopReason !== 'model_context_window_exceeded') return { outcome: 'done', stopReason, usage }
  return failed({
    kind: 'overflow',
    message: "The answer broke off: the model's window is full.",
    hint: 'Have the conversation summarized: /compact. Or start over: /clear',
  })
}

function failure(event: Failure, signal: AbortSignal): TurnResult {
  return signal.aborted || event.kind === 'aborted' ? { outcome: 'interrupted' } : failed(event)
}

function failed({ kind, message, hint, until }: Omit<Failure, 'type'>): FailedTurn {
  return { outcome: 'failed', kind, message, hint, until }
}
