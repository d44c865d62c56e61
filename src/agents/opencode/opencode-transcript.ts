import { isObject, type JsonObject } from '../../base/json.ts'
import { recent } from '../recent.ts'
import { cut, isText } from '../told-words.ts'

/** What is said in a conversation, as its messages and their parts come: each is told again and again. */
export interface OpencodeTranscript {
  /** Whose message it is that was not seen before; undefined: it was, it is older than what is told, or nobody's. */
  isNew(info: JsonObject): 'user' | 'assistant' | undefined
  /** The texts of this message are the answer now, as soon as it has any. */
  answers(info: JsonObject): void
  /** A part that is a text: what the user said, the first time that it comes. */
  hear(part: JsonObject): string | undefined
  /** Empty: nothing was answered. */
  answer(): string
  /** Whether the model ended the answer itself, and wanted no tool. */
  isFinished(): boolean
  forget(): void
}

/** Of a prompt and of an answer, in UTF-16 units. */
const maxText = 200_000
const maxMessages = 1000
const maxParts = 1000

/** `since`: what was said before is no news, in ms since the epoch. */
export function opencodeTranscript(since: number): OpencodeTranscript {
  /** Those that were seen, and of the user's whether they were told. */
  const messages = recent<'assistant' | 'user' | 'told'>(maxMessages)
  let current = ''
  let finish = ''
  /** The texts of one message, by their ids. */
  let texts = new Map<unknown, string>()
  let textsOf = ''

  return {
    isNew({ id, role, time, summary, finish: end }) {
      if (id === current && isText(end)) finish = end
      if (!isText(id) || messages.has(id) || summary === true) return undefined
      if (!isObject(time) || typeof time.created !== 'number' || time.created < since) return undefined
      if (role !== 'user' && role !== 'assistant') return undefined
      messages.set(id, role)
      return role
    },
    answers({ id, finish: end }) {
      if (!isText(id)) return
      current = id
      finish = isText(end) ? end : ''
    },
    hear({ id, messageID, text, synthetic, ignored }) {
      if (!isText(messageID) || !isText(text) || text.trim() === '') return undefined
      if (messageID === current) {
        if (textsOf !== current) texts = new Map()
        textsOf = current
        if (texts.size < maxParts || texts.has(id)) texts.set(id, cut(text, maxText))
        return undefined
      }
      if (messages.get(messageID) !== 'user' || synthetic === true || ignored === true) return undefined
      messages.set(messageID, 'told')
      finish = ''
      texts = new Map()
      return cut(text, maxText)
    },
    answer: () => cut([...texts.values()].join('\n\n'), maxText),
    isFinished: () => finish !== '' && finish !== 'tool-calls',
    forget() {
      finish = ''
      texts = new Map()
    },
  }
}
