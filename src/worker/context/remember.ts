import { longestResult, rememberedHistory, type Unread } from '../../context/cut.ts'
import { tokensOf } from '../../context/token-estimate.ts'
import type { Message, StoredMessage } from '../../domain/message.ts'
import {
  bytesFrom,
  eachMessageBackwards,
  firstPlace,
  lastPromptAfter,
  readMessagesFrom,
} from '../../store/messages.ts'
import { type MemoryRecord, readMemory } from '../../store/model-memory.ts'
import type { Store } from '../../store/store.ts'

export interface Remembered {
  memory: MemoryRecord | undefined
  /** What is not in the summary, as it is stored. */
  stored: StoredMessage[]
  /** What a model gets. */
  messages: Message[]
}

/** What a model remembers of a conversation; `window` in tokens. */
export function remember(store: Store, id: string, window: number): Remembered {
  const memory = readMemory(store, id)
  const stored = readMessagesFrom(store, id, memory?.beginsAt ?? 0)
  return { memory, stored, messages: rememberedHistory(stored, memory, window) }
}

/** How many tokens what is remembered has at least; it is not read for that. */
export function leastRemembered(store: Store, id: string, window: number): number {
  const bytes = bytesFrom(store, id, readMemory(store, id)?.beginsAt ?? 0, longestResult(window))
  // 3.6 letters a token, and as JSON a letter takes two at most, but for a few.
  return Math.floor(bytes / 7.2)
}

export interface RememberedEnd {
  memory: MemoryRecord | undefined
  /** The place of the first message that is remembered. */
  from: number
  /** The last of what is remembered, with all that fits the room, and the last answer. */
  messages: StoredMessage[]
  /** Absent where that is all. */
  unread: Unread | undefined
}

/** The end of what is remembered; what is before is not read. `room` in tokens. */
export function rememberedEnd(store: Store, id: string, room: number): RememberedEnd {
  const memory = readMemory(store, id)
  const from = memory?.beginsAt ?? 0
  const messages: StoredMessage[] = []
  let tokens = 0
  let isWhole = true
  for (const message of eachMessageBackwards(store, id, from)) {
    messages.push(message)
    tokens += tokensOf([message])
    isWhole = tokens <= room || !messages.some(({ role }) => role === 'assistant')
    if (!isWhole) break
  }
  messages.reverse()
  const first = firstPlace(store, id, from)
  if (isWhole || first === undefined || messages[0]?.seq === first)
    return { memory, from, messages, unread: undefined }
  return { memory, from, messages, unread: { lastPrompt: lastPromptAfter(store, id, first) } }
}
