import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendMessage, readFirstPrompts, readLastExchange } from '../../src/store/messages.ts'
import { setMemory } from '../../src/store/model-memory.ts'
import type { Store } from '../../src/store/store.ts'
import { leastRemembered, remember, rememberedEnd } from '../../src/worker/context/remember.ts'
import { addSession, type Home, id, openHome } from '../store/harness.ts'

let home: Home
let store: Store
beforeEach(async () => {
  home = openHome()
  store = await home.open()
  await addSession(store, 1)
})
afterEach(() => home.dispose())

async function say(role: 'user' | 'assistant', text: string): Promise<number> {
  return appendMessage(store, id(1), role, [{ type: 'text', text }])
}

/** What is read of these throws where it is used. */
async function sayWhatNobodyReads(number: number): Promise<void> {
  const insert = store.db.prepare(
    `INSERT INTO messages (conversation_id, seq, role, content, partial, created_at)
     SELECT ?, coalesce(max(seq), 0) + 1, ?, '"{\\"type\\":\\"text\\"}"', 0, 0 FROM messages WHERE conversation_id = ?`,
  )
  for (let at = 0; at < number; at += 1) insert.run(id(1), at % 2 ? 'assistant' : 'user', id(1))
}

test('what is before the memory is not read', async () => {
  for (let at = 1; at <= 4; at += 1) await say('user', `prompt ${at}`)
  await sayWhatNobodyReads(100)
  const from = await say('user', 'now')
  await say('assistant', 'then')
  await setMemory(store, id(1), { beginsAt: from, summary: 'SO FAR' })
  expect(remember(store, id(1), 10_000).stored).toHaveLength(2)
  expect(readLastExchange(store, id(1))).toHaveLength(2)
  expect(rememberedEnd(store, id(1), 10_000)).toMatchObject({ from, unread: undefined })
  expect(leastRemembered(store, id(1), 10_000)).toBeLessThan(20)
  expect(readFirstPrompts(store, id(1), 3).map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('of a conversation that is too long its end is read, and as much as fits', async () => {
  await say('user', 'the first')
  await sayWhatNobodyReads(50)
  const prompt = await say('user', 'the last')
  await sayWhatNobodyReads(50)
  const last = await say('assistant', 'word '.repeat(400))
  expect(rememberedEnd(store, id(1), 10)).toMatchObject({
    messages: [{ seq: last }],
    unread: { lastPrompt: prompt },
  })
})

test('how much there is at least is counted without what is cut from long results', async () => {
  await say('user', 'x'.repeat(72_000))
  const all = leastRemembered(store, id(1), 1_000_000)
  expect(all).toBeGreaterThan(9_900)
  expect(all).toBeLessThanOrEqual(72_000 / 3.6)
  expect(leastRemembered(store, id(1), 10_000)).toBeLessThan(1100)
})

test('results of tools are not read for the last exchange', async () => {
  await say('user', 'go')
  const results = [{ type: 'tool_result', id: 'a', content: 'x'.repeat(1000), status: 'success' } as const]
  await appendMessage(store, id(1), 'user', results)
  await say('assistant', 'done')
  expect(readLastExchange(store, id(1)).map(({ blocks }) => blocks.length)).toEqual([1, 0, 1])
})
