import { historyToSend } from '../domain/history.ts'
import type { Block } from '../domain/message.ts'
import type { Provider, ProviderEvent, ToolSpec, Usage } from '../provider/provider.ts'
import { appendMessage, readMessages, updateMessage } from '../store/messages.ts'
import type { Store } from '../store/store.ts'

export interface TurnParts {
  store: Store
  session: string
  provider: Provider
  system: string
  tools: readonly ToolSpec[]
  /** Runs a tool that the model asked for; a failure is a result too. Called once the use is committed. */
  runTool(use: ToolUse): Promise<{ content: string; status: 'success' | 'error' }>
  /** The answer as it comes, untrusted. */
  onText(text: string): void
  signal: AbortSignal
}

/** `malformed`: what the model sent in place of an input; it must not run. */
export type ToolUse = Extract<Block, { type: 'tool_use' }> & { malformed?: string }

export type TurnResult =
  | { outcome: 'done'; stopReason: string; usage: Usage | undefined }
  | { outcome: 'failed'; kind: string; message: string; hint: string | undefined }
  | { outcome: 'interrupted' }

/** An answer is saved at least this often while it grows, in ms. */
const saveEvery = 1000

/** A model that calls tools for ever is stopped. */
const roundLimit = 50

/**
 * One turn: sends the conversation, which ends with the user's committed message, and commits the answer as it grows.
 * Tools are run and their results sent until the model is done. Throws only what the store throws.
 */
export async function runTurn(parts: TurnParts): Promise<TurnResult> {
  for (let round = 0; round < roundLimit; round += 1) {
    const { result, uses } = await oneAnswer(parts)
    if (result.outcome !== 'done' || uses.length === 0) return result
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
  const request = {
    messages: historyToSend(readMessages(store, session)),
    system: parts.system,
    tools: parts.tools,
  }
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

/**
 * The assistant's message in the store: made with its first words, so that a failed turn leaves no empty one, and
 * brought up to date at most `saveEvery` ms after more came, also while the model pauses.
 */
function growingAnswer(store: Store, session: string) {
  const blocks: Block[] = []
  const malformed = new Map<Block, string>()
  let seq: number | undefined
  let savedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let failure: { error: unknown } | undefined
  let saving = Promise.resolve()

  return { add, save, uses }

  /** Each id once, as the history has it. */
  function uses(): ToolUse[] {
    const ids = new Set<string>()
    return blocks.flatMap((block) => {
      if (block.type !== 'tool_use' || ids.has(block.id)) return []
      ids.add(block.id)
      const text = malformed.get(block)
      return [text === undefined ? block : { ...block, malformed: text }]
    })
  }

  async function add(event: ProviderEvent): Promise<void> {
    if (failure) throw failure.error
    if (event.type === 'text') {
      const last = blocks.at(-1)
      if (last?.type === 'text') last.text += event.text
      else blocks.push({ type: 'text', text: event.text })
    } else if (event.type === 'tool_use') {
      const block: Block = { type: 'tool_use', id: event.id, name: event.name, input: event.input }
      if (event.malformed !== undefined) malformed.set(block, event.malformed)
      blocks.push(block)
    } else return
    if (performance.now() - savedAt >= saveEvery) await save(true)
    else
      timer ??= setTimeout(() => {
        save(true).catch((error: unknown) => {
          failure = { error }
        })
      }, saveEvery)
  }

  /** One after the other: a message is made once. */
  function save(partial: boolean): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const next = saving.then(() => commit(partial))
    saving = next.catch(() => {})
    return next
  }

  async function commit(partial: boolean): Promise<void> {
    if (blocks.length === 0) return
    savedAt = performance.now()
    if (seq === undefined) seq = await appendMessage(store, session, 'assistant', blocks, partial)
    else await updateMessage(store, session, seq, blocks, partial)
  }
}
