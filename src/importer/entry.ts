import { isObject } from '../base/json.ts'
import type { Block } from '../domain/message.ts'
import { readAssistant } from './assistant.ts'
import type { EntryTools } from './entry-tools.ts'
import type { ImportedMessage } from './source.ts'
import { parseTime, plausibleTime } from './time.ts'
import { readUser } from './user.ts'

export interface Entry {
  messages: ImportedMessage[]
  prompt: string | undefined
  images: number
  /** Halves of no known shape. */
  unread: number
}

/** Reads a history's entries in order, objects `{user, assistant}` or arrays `[user, assistant]`. */
export function createEntryReader(tools: EntryTools, start: number, now: number): (entry: unknown) => Entry {
  let time = start
  return (entry) => {
    const [user, assistant] = halves(entry)
    if (isObject(user)) time = plausibleTime(parseTime(user.timestamp), now) ?? time
    const said = readUser(user, tools)
    const answered = readAssistant(assistant, tools)
    return {
      messages: [...message('user', said?.blocks), ...message('assistant', answered)],
      prompt: said?.prompt,
      images: said?.images ?? 0,
      unread: [said, answered].filter((half) => half === undefined).length,
    }
  }

  function message(role: 'user' | 'assistant', blocks: Block[] | undefined): ImportedMessage[] {
    return blocks === undefined || blocks.length === 0 ? [] : [{ role, blocks, createdAt: time }]
  }
}

/** `false` stands for a half of an entry that is none, and is of no known shape. */
function halves(entry: unknown): [unknown, unknown] {
  if (Array.isArray(entry)) return [entry[0], entry[1]]
  return isObject(entry) ? [entry.user, entry.assistant] : [false, null]
}
