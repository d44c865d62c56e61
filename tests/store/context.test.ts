import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendMessage, readMessages, readMessagesFrom } from '../../src/store/messages.ts'
import {
  changeContext,
  forget,
  readContextChanges,
  readMemory,
  setMemory,
} from '../../src/store/model-memory.ts'
import type { Store } from '../../src/store/store.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
let store: Store
beforeEach(async () => {
  home = openHome()
  store = await home.open()
  await addSession(store, 1)
  await addSession(store, 2)
})
afterEach(() => home.dispose())

const say = (words: string) => appendMessage(store, id(1), 'user', [{ type: 'text', text: words }])

test('the newest memory counts, and what was said stays', async () => {
  for (const words of ['a', 'b', 'c']) await say(words)
  expect(readMemory(store, id(1))).toBeUndefined()
  await setMemory(store, id(1), { beginsAt: 2, summary: 'of a' })
  await setMemory(store, id(1), { beginsAt: 3, summary: 'of a and b' })
  expect(readMemory(store, id(1))).toEqual({ beginsAt: 3, summary: 'of a and b' })
  expect(readMemory(store, id(2))).toBeUndefined()
  expect(readMessages(store, id(1))).toHaveLength(3)
  expect(readMessagesFrom(store, id(1), 3).map(({ seq }) => seq)).toEqual([3])
})

test('what is forgotten begins behind the last message, once', async () => {
  expect(await forget(store, id(1))).toBe(false)
  await say('a')
  expect(await forget(store, id(1))).toBe(true)
  expect(readMemory(store, id(1))).toEqual({ beginsAt: 2, summary: undefined })
  expect(await forget(store, id(1))).toBe(false)
  await say('b')
  await setMemory(store, id(1), { beginsAt: 3, summary: 'of b' })
  expect(await forget(store, id(1))).toBe(true)
  expect(readMemory(store, id(1))).toEqual({ beginsAt: 3, summary: undefined })
})

test('of changes about the same path the last one counts, in the order in which they were made', async () => {
  const a = { path: '/p/a.md', glob: undefined }
  const all = { path: '/p', glob: '**/*.md' }
  await changeContext(store, id(1), [
    { action: 'add', ...a },
    { action: 'add', ...all },
  ])
  await changeContext(store, id(1), [{ action: 'remove', ...a }])
  expect(readContextChanges(store, id(1))).toEqual([
    { action: 'add', ...all },
    { action: 'remove', ...a },
  ])
  expect(readContextChanges(store, id(2))).toEqual([])
})

test('both go with their conversation', async () => {
  await say('a')
  await forget(store, id(1))
  await changeContext(store, id(1), [{ action: 'add', path: '/p', glob: undefined }])
  store.db.prepare('DELETE FROM conversations WHERE conversation_id = ?').run(id(1))
  for (const table of ['memories', 'context_changes'])
    expect(store.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0)
})
