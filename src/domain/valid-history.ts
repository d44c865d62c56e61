import type { Block, Message, Role, StoredMessage } from './message.ts'
import { uniqueToolIds } from './tool-ids.ts'

/**
 * The stored messages as a model accepts them: the first is the user's, roles alternate, no text is blank, every tool
 * use is answered by a result in the next message, no result stands without its use, and no two uses share an id. What
 * was cut off is said so in words instead of being dropped.
 */
export function validHistory(messages: readonly Message[]): Message[] {
  const paired = pairTools(merge(messages.map(fitting), ['user']))
  return startWithUser(uniqueToolIds(merge(paired, ['user', 'assistant'])))
}

/** Whether a message is a partial answer that was asked for again: another one stands behind it. */
export function isSuperseded(messages: readonly StoredMessage[], index: number): boolean {
  const message = messages[index]
  return message !== undefined && isCutText(message) && messages[index + 1]?.role === 'assistant'
}

/** What of a stored conversation is sent for an answer: what is there of that answer already, and cut, is asked for anew. */
export function messagesToSend(messages: readonly StoredMessage[]): StoredMessage[] {
  const last = messages.length - 1
  return messages.filter((message, index) =>
    index === last ? !isCutText(message) : !isSuperseded(messages, index),
  )
}

/** An answer that asked for tools is none: they may have run. */
function isCutText({ role, partial, blocks }: StoredMessage): boolean {
  return role === 'assistant' && partial && blocks.every((block) => block.type === 'text')
}

const interrupted = 'The tool was interrupted and not run again.'

/** Without blank texts, and without the blocks that only the other role may have or that stand there twice. */
function fitting({ role, blocks }: Message): Message {
  const uses = new Set<string>()
  const kept = blocks.filter((block) => {
    if (block.type === 'text') return block.text.trim() !== ''
    if (block.type === 'tool_result') return role === 'user'
    if (role === 'user' || uses.has(block.id)) return false
    uses.add(block.id)
    return true
  })
  return { role, blocks: kept.map(withContent) }
}

function withContent(block: Block): Block {
  return block.type === 'tool_result' && block.content.trim() === ''
    ? { ...block, content: '(no output)' }
    : block
}

function pairTools(messages: Message[]): Message[] {
  const paired: Message[] = []
  let open: string[] = []
  for (const message of messages) {
    const answered = new Set<string>()
    const blocks = message.blocks.filter((block) => {
      if (block.type !== 'tool_result') return true
      const wanted = open.includes(block.id) && !answered.has(block.id)
      answered.add(block.id)
      return wanted
    })
    const missing = message.role === 'user' ? open.filter((id) => !answered.has(id)) : open
    if (message.role === 'assistant' && missing.length > 0)
      paired.push({ role: 'user', blocks: missing.map(cutResult) })
    const results = message.role === 'user' ? missing.map(cutResult) : []
    paired.push({ role: message.role, blocks: resultsFirst([...results, ...blocks]) })
    open =
      message.role === 'assistant'
        ? message.blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
        : []
  }
  if (open.length > 0) paired.push({ role: 'user', blocks: open.map(cutResult) })
  return paired
}

function cutResult(id: string): Block {
  return { type: 'tool_result', id, content: interrupted, status: 'error' }
}

function resultsFirst(blocks: Block[]): Block[] {
  const results = blocks.filter((block) => block.type === 'tool_result')
  return [...results, ...blocks.filter((block) => block.type !== 'tool_result')]
}

/** Leaves out empty messages, and makes one of neighbours that have the same role, one of `roles`. */
function merge(messages: Message[], roles: readonly Role[]): Message[] {
  const merged: Message[] = []
  for (const message of messages) {
    if (message.blocks.length === 0) continue
    const last = merged.at(-1)
    if (last?.role === message.role && roles.includes(last.role))
      last.blocks = resultsFirst([...last.blocks, ...message.blocks])
    else merged.push({ role: message.role, blocks: [...message.blocks] })
  }
  return merged
}

function startWithUser(messages: Message[]): Message[] {
  if (messages[0]?.role === 'assistant') {
    return [{ role: 'user', blocks: [{ type: 'text', text: '(the beginning is missing)' }] }, ...messages]
  }
  return messages
}
