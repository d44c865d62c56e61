import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { textOrNone } from './clean-json.ts'
import { createEntryReader } from './entry.ts'
import type { EntryTools } from './entry-tools.ts'
import type { Conversation, ImportedMessage, SkipReason, SourceRow } from './source.ts'
import { parseTime, plausibleTime } from './time.ts'

/** Of the JSON without its pictures. */
const maxJsonLength = 32 * 1024 * 1024

/**
 * A conversation of Amazon Q CLI in our words, or why there is none. Nothing is invented but for a summary's heading;
 * what a tool use lacks at the end is left to `validHistory`.
 */
export function parseConversation(row: SourceRow, text: string, now: number): Conversation | SkipReason {
  const slim = withoutPictures(text)
  if (slim.length > maxJsonLength) return 'too-large'
  const json = parseJson(slim)
  if (json === undefined) return 'not-json'
  if (!isObject(json)) return 'not-a-conversation'
  const history = json.history ?? []
  if (!Array.isArray(history)) return 'not-a-conversation'

  const created = plausibleTime(row.createdAt, now)
  const first = history.map((entry) => plausibleTime(timeOf(entry), now)).find((time) => time !== undefined)
  const tools: EntryTools = { open: new Map(), used: new Set() }
  const readEntry = createEntryReader(tools, created ?? first ?? now, now)
  const entries = history.map(readEntry)
  const messages = entries.flatMap((entry) => entry.messages)
  const unread = entries.reduce((sum, entry) => sum + entry.unread, 0)
  const summary = summaryOf(json)
  if (messages.length === 0 && summary === undefined) return unread > 0 ? 'not-a-conversation' : 'empty'

  const createdAt = created ?? messages[0]?.createdAt ?? now
  const last = messages.at(-1)?.createdAt ?? createdAt
  return {
    sourceId: row.conversationId || idOf(json) || `directory:${row.directory ?? ''}`,
    directory: row.directory,
    createdAt,
    updatedAt: Math.max(createdAt, plausibleTime(row.updatedAt, now) ?? last),
    messages: summary === undefined ? messages : [summaryMessage(summary, createdAt), ...messages],
    userMessages: entries.flatMap((entry) => (entry.prompt === undefined ? [] : [entry.prompt])),
    images: entries.reduce((sum, entry) => sum + entry.images, 0),
    unread,
  }
}

/** Pictures are arrays of numbers, four characters a byte: dropped before they are parsed. */
function withoutPictures(text: string): string {
  return text.replaceAll(/(?<!\\)"source":\{"Bytes":\[[\d,\s]*\]\}/g, '"source":null')
}

function timeOf(entry: unknown): number | undefined {
  const user = Array.isArray(entry) ? entry[0] : isObject(entry) ? entry.user : undefined
  return isObject(user) ? parseTime(user.timestamp) : undefined
}

function idOf(json: JsonObject): string | undefined {
  const id = textOrNone(json.conversation_id)
  return id !== undefined && id.length <= 200 ? id : undefined
}

/** What `/compact` left: a text, or a pair of the text and facts about the request. */
function summaryOf(json: JsonObject): string | undefined {
  const { latest_summary: summary } = json
  return textOrNone(Array.isArray(summary) ? summary[0] : summary)
}

function summaryMessage(summary: string, createdAt: number): ImportedMessage {
  return {
    role: 'user',
    blocks: [{ type: 'text', text: `Summary of what was said before:\n\n${summary}` }],
    createdAt,
  }
}
