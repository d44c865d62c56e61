import { rememberedHistory } from '../../context/cut.ts'
import type { Message, StoredMessage } from '../../domain/message.ts'
import { readMessagesFrom } from '../../store/messages.ts'
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
