import type { Block, Message } from '../../src/domain/message.ts'
import type { Random } from './random.ts'

export const text = (words: string): Block => ({ type: 'text', text: words })
export const use = (id: string): Block => ({ type: 'tool_use', id, name: 'run', input: { id } })
export const result = (id: string, content = `output ${id}`): Block => ({
  type: 'tool_result',
  id,
  content,
  status: 'success',
})
export const user = (...blocks: Block[]): Message => ({ role: 'user', blocks })
export const assistant = (...blocks: Block[]): Message => ({ role: 'assistant', blocks })

/** A conversation as no program would make it. */
export function randomHistory({ below, pick }: Random): Message[] {
  const block = (): Block => {
    const id = pick(['a', 'b', 'c', 'ü', 'a_2'])
    return pick([
      () => text(pick(['', ' ', '\n', 'x', 'y'])),
      () => use(id),
      () => result(id, pick(['', 'out'])),
    ])()
  }
  return [...Array(below(9)).keys()].map(() => ({
    role: pick(['user', 'assistant'] as const),
    blocks: [...Array(below(4)).keys()].map(block),
  }))
}

/** What a model would refuse about a history: written from the rules of Converse, not from the code. */
export function faultOf(messages: Message[]): string | undefined {
  const ids = messages.flatMap(({ blocks }) => blocks.flatMap((b) => (b.type === 'tool_use' ? [b.id] : [])))
  if (new Set(ids).size < ids.length) return 'two uses share an id'
  if (ids.some((id) => !/^[a-zA-Z0-9_-]{1,64}$/.test(id))) return 'an id is not one of Converse'
  for (const [index, { role, blocks }] of messages.entries()) {
    const at = `message ${index}`
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) return `${at} is out of turn`
    if (blocks.length === 0) return `${at} is empty`
    if (blocks.some((block) => block.type === 'text' && block.text.trim() === ''))
      return `${at} has a blank text`
    const uses = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.id] : []))
    if (role === 'user' && uses.length > 0) return `${at} is the user's and uses a tool`
    if (role === 'assistant' && results.length > 0) return `${at} is the assistant's and has a result`
    if (blocks.slice(0, results.length).some((block) => block.type !== 'tool_result'))
      return `${at} has a result after something else`
    if (blocks.some((block) => block.type === 'tool_result' && block.content.trim() === ''))
      return `${at} has an empty result`
    const asked = (messages[index - 1]?.blocks ?? []).flatMap((block) =>
      block.type === 'tool_use' ? [block.id] : [],
    )
    if (role === 'user' && asked.toSorted().join() !== results.toSorted().join())
      return `${at} does not answer the uses before it`
    if (uses.length > 0 && index === messages.length - 1) return `${at} is the last and uses a tool`
  }
  return undefined
}
