import type { Message } from '../domain/message.ts'

/** A whole conversation as `/save` writes it and `/load` reads it back. */
export interface Transcript {
  /** The session's name when it was saved. */
  name: string
  messages: TranscriptMessage[]
}

export interface TranscriptMessage extends Message {
  /** ms since the epoch. */
  createdAt: number
  /** An answer that was cut off. */
  partial: boolean
}
