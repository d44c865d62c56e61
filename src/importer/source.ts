import type { Message } from '../domain/message.ts'

/** A conversation's row in the other program's database, without its value, which may be of any size. */
export interface SourceRow {
  /** null: absent or longer than any path. */
  directory: string | null
  conversationId: string | null
  /** ms since the epoch, unchecked. */
  createdAt: number | null
  updatedAt: number | null
  /** Size of the value. */
  bytes: number
}

export type SourceValue = { kind: 'text'; text: string } | { kind: 'not-text' | 'damaged' | 'gone' }

/** The other program's database, as a door hands it in: rows one by one, a value only when asked. */
export interface Source<Row extends SourceRow = SourceRow> {
  rows(): AsyncIterable<Row>
  value(row: Row): Promise<SourceValue>
}

export interface ImportedMessage extends Message {
  /** ms since the epoch. */
  createdAt: number
}

/** A conversation in our words. */
export interface Conversation {
  /** Its id at the source. */
  sourceId: string
  /** As the source says, unchecked. */
  directory: string | null
  createdAt: number
  updatedAt: number
  messages: ImportedMessage[]
  /** What the person said, in order: for a name. */
  userMessages: string[]
  /** Images that were left out. */
  images: number
  /** Halves of history entries that were left out because they are of no known shape. */
  unread: number
}

export type SkipReason =
  | 'too-large'
  | 'not-text'
  | 'not-json'
  | 'not-a-conversation'
  | 'empty'
  | 'damaged'
  | 'open-here'
  | 'both-went-on'
  | 'differs'

export interface Skipped {
  reason: SkipReason
  sourceId: string | null
  directory: string | null
}

export type FoundConversation =
  | { kind: 'conversation'; conversation: Conversation }
  | { kind: 'skipped'; skipped: Skipped }
