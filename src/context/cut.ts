import { enclosed } from '../domain/attachment.ts'
import type { Block, Message, StoredMessage } from '../domain/message.ts'
import { messagesToSend, validHistory } from '../domain/valid-history.ts'
import { tokensOf } from './token-estimate.ts'

/** Where the model's memory of a conversation begins, and what it knows of what was before. */
export interface Memory {
  /** The place of the first message that is sent. */
  beginsAt: number
  /** Absent when what was before is to be forgotten. */
  summary: string | undefined
}

/** What a model gets of a conversation, valid whatever the cut leaves; `window` in tokens. */
export function rememberedHistory(
  messages: readonly StoredMessage[],
  memory: Memory | undefined,
  window: number,
): Message[] {
  const kept = memory ? messages.filter(({ seq }) => seq >= memory.beginsAt) : messages
  const summary = memory?.summary === undefined ? [] : [summaryMessage(memory.summary)]
  return validHistory([...summary, ...messagesToSend(kept).map((message) => shortened(message, window))])
}

/**
 * The place where the memory may begin anew, so that what is kept fits `room` tokens: at one of the last two prompts,
 * else within the last exchange, between two of its rounds. A tool use and its results stay together. undefined: there
 * is nothing before that could go.
 */
export function placeToCut(messages: readonly StoredMessage[], room: number): number | undefined {
  const later = messages.slice(1)
  const prompts = later.filter(isPlainPrompt).slice(-2)
  // A prompt that begins the conversation is not among them: the exchange itself is all there is.
  const rounds = later.filter(({ role }) => role === 'assistant')
  const last = rounds.at(-1)
  const fits = (from: StoredMessage) => tokensOf(messages.slice(messages.indexOf(from))) <= room
  const prompt = prompts.find(fits)
  if (prompt || tokensOf(messages) <= room) return prompt?.seq
  const round = rounds.filter(({ seq }) => seq > (prompts.at(-1)?.seq ?? 0)).find(fits)
  // Even what is last is too long: it is kept all the same, because it waits for an answer.
  return (round ?? (last && isAwaited(messages, last) ? last : prompts.at(-1)))?.seq
}

/** What comes before a place. */
export function before(messages: readonly StoredMessage[], place: number): StoredMessage[] {
  return messages.filter(({ seq }) => seq < place)
}

/** A prompt without results of tools beside it: the memory may begin there. */
export function isPlainPrompt({ role, blocks }: StoredMessage): boolean {
  return role === 'user' && blocks.length > 0 && blocks.every(({ type }) => type === 'text')
}

/** The conversation ends with the results of this round's tools. */
function isAwaited(messages: readonly StoredMessage[], round: StoredMessage): boolean {
  return !messages.slice(messages.indexOf(round)).some(isPlainPrompt)
}

function summaryMessage(summary: string): Message {
  const text = enclosed('summary_of_the_conversation_so_far', '', summary)
  return {
    role: 'user',
    blocks: [{ type: 'text', text: `${text}\n\nWhat follows is the conversation since then.` }],
  }
}

/** A tool's result has at most a quarter of the window: its beginning and its end. */
function shortened(message: StoredMessage, window: number): StoredMessage {
  const limit = Math.max(2000, Math.floor(window * 0.75))
  const isLong = (block: Block) => block.type === 'tool_result' && block.content.length > limit
  if (!message.blocks.some(isLong)) return message
  return {
    ...message,
    blocks: message.blocks.map((block) =>
      block.type === 'tool_result' ? { ...block, content: shortenedText(block.content, limit) } : block,
    ),
  }
}

/** The beginning and the end of a text that is longer than `limit` letters. */
export function shortenedText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const half = Math.floor(limit / 2)
  const gap = text.length - 2 * half
  return `${text.slice(0, half)}\n[… ${gap} characters left out …]\n${text.slice(-half)}`.toWellFormed()
}
