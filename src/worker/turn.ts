import type { Block } from '../domain/message.ts'
import type { ToolSpec } from '../domain/tool-spec.ts'
import type { ModelRequest, Provider, ProviderEvent, Usage } from '../provider/provider.ts'
import { appendMessage, updateMessage } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import { growingAnswer, type ToolUse } from './growing-answer.ts'

export interface TurnParts {
  store: Store
  session: string
  provider: Provider
  context: TurnContext
  tools: readonly ToolSpec[]
  /** Runs a tool that the model asked for; a failure is a result too. Called once the use is committed. */
  runTool(use: ToolUse): Promise<{ content: string; status: 'success' | 'error' }>
  /** The answer as it comes, untrusted. */
  onText(text: string): void
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
  | { outcome: 'done'; stopReason: string; usage: Usage | undefined }
  | { outcome: 'failed'; kind: string; message: string; hint: string | undefined }
  | { outcome: 'interrupted' }

/** A model that calls tools for ever is stopped. */
const roundLimit = 50

/**
 * One turn: sends the conversation, which ends with the user's committed message, and commits the answer as it grows.
 * Tools are run and their results sent until the model is done. Throws only what the store throws.
 */
export async function runTurn(parts: TurnParts): Promise<TurnResult> {
  let usage: Usage | undefined
  let shortened = false
  for (let round = 0; round < roundLimit; round += 1) {
    const { result, uses } = await oneAnswer(parts)
    if (result.outcome === 'failed' && result.kind === 'overflow' && !shortened) {
      shortened = true
      if (await parts.context.tooLong()) continue
      if (parts.signal.aborted) return { outcome: 'interrupted' }
    }
    if (result.outcome !== 'done') return result
    if (result.usage) {
      parts.context.counted(result.usage)
      usage = usage ? together(usage, result.usage) : result.usage
    }
    if (uses.length === 0) return { ...result, usage }
    await runTools(parts, uses)
    if (parts.signal.aborted) return { outcome: 'interrupted' }
  }
  return {
    outcome: 'failed',
    kind: 'service',
    message: `the model asked for tools ${roundLimit} times in a row`,
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
async function runTools({ store, session, signal, runTool }: TurnParts, uses: ToolUse[]): Promise<void> {
  const results: Block[] = []
  let seq: number | undefined
  for (const use of uses) {
    if (signal.aborted) return
    results.push({ type: 'tool_result', id: use.id, ...(await runTool(use)) })
    const partial = results.length < uses.length
    if (seq === undefined) seq = await appendMessage(store, session, 'user', results, partial)
    else await updateMessage(store, session, seq, results, partial)
  }
}

async function oneAnswer(parts: TurnParts): Promise<{ result: TurnResult; uses: ToolUse[] }> {
  const { store, session, provider, signal } = parts
  const request = { ...(await parts.context.request()), tools: parts.tools, cache: true }
  if (signal.aborted) return { result: { outcome: 'interrupted' }, uses: [] }
  const answer = growingAnswer(store, session)
  let result: TurnResult = {
    outcome: 'failed',
    kind: 'cut',
    message: 'the answer ended without an end',
    hint: undefined,
  }
  try {
    for await (const event of provider.stream(request, signal)) {
      if (event.type === 'end') result = { outcome: 'done', stopReason: event.stopReason, usage: event.usage }
      else if (event.type === 'failure') result = failure(event, signal)
      else {
        await answer.add(event)
        if (event.type === 'text') parts.onText(event.text)
      }
    }
  } finally {
    await answer.save(result.outcome !== 'done')
  }
  return { result, uses: answer.uses() }
}

function failure(event: Extract<ProviderEvent, { type: 'failure' }>, signal: AbortSignal): TurnResult {
  if (signal.aborted || event.kind === 'aborted') return { outcome: 'interrupted' }
  return { outcome: 'failed', kind: event.kind, message: event.message, hint: event.hint }
}
