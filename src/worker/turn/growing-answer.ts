import type { Block } from '../../domain/message.ts'
import type { ProviderEvent } from '../../provider/provider.ts'
import { appendMessage, updateMessage } from '../../store/messages.ts'
import type { Store } from '../../store/store.ts'

/** `malformed`: what the model sent in place of an input; it must not run. */
export type ToolUse = Extract<Block, { type: 'tool_use' }> & { malformed?: string }

/** An answer is saved at least this often while it grows, in ms. */
const saveEvery = 1000

/**
 * The assistant's message in the store: made with its first words, so that a failed turn leaves no empty one, and
 * brought up to date at most `saveEvery` ms after more came, also while the model pauses.
 */
export function growingAnswer(store: Store, session: string) {
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
    // Whoever asked for it hears of a failure; the next one is tried all the same.
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
