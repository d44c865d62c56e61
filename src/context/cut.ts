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

/** What is remembered before some messages, and was not read. */
export interface Unread {
  /** The place of the last prompt behind the first message. */
  lastPrompt: number | undefined
}

/**
 * The place where the memory may begin anew, so that what is kept fits `room` tokens: at one of the last two prompts,
 * else within the last exchange, between two of its rounds. A tool use and its results stay together. undefined: there
 * is nothing before that could go. The last messages are enough, with what fits and the last answer among them.
 */
export function placeToCut(
  messages: readonly StoredMessage[],
  room: number,
  unread?: Unread,
): number | undefined {
  // A prompt that begins the conversation is not among them: the exchange itself is all there is.
  const later = unread ? messages : messages.slice(1)
  const prompts = later.filter(isPlainPrompt).slice(-2)
  const rounds = later.filter(({ role }) => role === 'assistant')
  const last = rounds.at(-1)
  const fitting = fittingFrom(messages, room)
  const fits = ({ seq }: StoredMessage) => seq >= fitting
  const prompt = prompts.find(fits)
  const [first] = messages
  if (prompt || (!unread && (!first || fits(first)))) return prompt?.seq
  const begun = prompts.at(-1)?.seq ?? unread?.lastPrompt
  const round = rounds.filter(({ seq }) => seq > (begun ?? 0)).find(fits)
  // Even what is last is too long: it is kept all the same, because it waits for an answer.
  return (round ?? (last && isAwaited(messages, last) ? last : undefined))?.seq ?? begun
}

/** The place from which on the messages fit. */
function fittingFrom(messages: readonly StoredMessage[], room: number): number {
  let tokens = 0
  for (const message of messages.toReversed()) {
    tokens += tokensOf([message])
    if (tokens > room) return message.seq + 1
  }
  return 0
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

/** The most letters that a result of a tool has for the model: a quarter of the window, in tokens. */
export function longestResult(window: number): number {
  return Math.max(2000, Math.floor(window * 0.75))
}

/** A long result of a tool has its beginning and its end. */
function shortened(message: StoredMessage, window: number): StoredMessage {
  const limit = longestResult(window)
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
