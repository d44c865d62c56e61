import { isPrompt, type StoredMessage } from '../../domain/message.ts'

/**
 * How the last prompt is asked again, from the messages since then: a turn that failed, was stopped or never began is
 * sent again as it stands; a prompt that was answered in full is said once more, and both answers stay.
 */
export function retryOf(exchange: readonly StoredMessage[]): 'again' | { repeat: StoredMessage } | undefined {
  const last = exchange.at(-1)
  if (!last) return undefined
  const answered =
    last.role === 'assistant' && !last.partial && last.blocks.every((block) => block.type === 'text')
  if (!answered) return 'again'
  const prompt = exchange.find(isPrompt)
  return prompt && { repeat: prompt }
}
