export const roles = ['user', 'assistant'] as const
export type Role = (typeof roles)[number]

export type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }
  | { type: 'tool_result'; id: string; content: string; status: 'success' | 'error' }

/** One turn's half, as it is stored and as a provider takes it. */
export interface Message {
  role: Role
  blocks: Block[]
}

/** A message with its place in the store. */
export interface StoredMessage extends Message {
  seq: number
  /** true until the whole answer is there: an answer that was cut off stays partial. */
  partial: boolean
  createdAt: number
}

/** The text of a message without its tool blocks. */
export function textOf(message: Message): string {
  return message.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
}

/** A message of the user's that is more than results of tools. */
export function isPrompt(message: Message): boolean {
  return message.role === 'user' && message.blocks.some((block) => block.type === 'text')
}
