import type { Block, Message } from './message.ts'

/** What Bedrock takes as a tool use's id; other services take it too. */
const accepted = /^[\w-]{1,64}$/

/**
 * Messages in which no two tool uses share an id and each id is one that every service takes. Local servers count each
 * answer's uses from 0, and an imported conversation may hold anything. Expects results right after their uses.
 */
export function uniqueToolIds(messages: readonly Message[]): Message[] {
  const taken = new Set<string>()
  let renamed = new Map<string, string>()
  return messages.map((message) => {
    if (message.role === 'assistant') renamed = new Map()
    return { ...message, blocks: message.blocks.map(withId) }
  })

  function withId(block: Block): Block {
    if (block.type === 'text') return block
    if (block.type === 'tool_use') renamed.set(block.id, freeId(block.id))
    return { ...block, id: renamed.get(block.id) ?? block.id }
  }

  function freeId(id: string): string {
    const base = id.replaceAll(/[^\w-]/g, '').slice(0, 50) || 'tool'
    let free = accepted.test(id) ? id : base
    for (let number = 2; taken.has(free); number += 1) free = `${base}_${number}`
    taken.add(free)
    return free
  }
}
