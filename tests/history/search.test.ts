import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Block } from '../../src/domain/message.ts'
import { appendMessage, updateMessage } from '../../src/store/messages.ts'
import { searchMessages } from '../../src/store/search-messages.ts'
import { snippetOf } from '../../src/text/snippet.ts'
import { parseQuery } from '../../src/text/text-search.ts'
import { migrations, openTestStore, type TestStore } from '../support/store.ts'

let at: TestStore
beforeEach(async () => {
  at = await openTestStore()
  await at.add('one')
  await at.add('two', { workspace: null })
})
afterEach(() => at.dispose())

test('every word must be there, the last by its beginning, a quoted row in its order', async () => {
  await say('one', 'the bucket policy denies the upload')
  await say('two', 'policy of the bucket')
  expect(search('bucket policy')).toEqual(['policy of the bucket', 'the bucket policy denies the upload'])
  expect(search('"bucket policy"')).toEqual(['the bucket policy denies the upload'])
  expect(search('policy buck')).toHaveLength(2)
  expect(search('buck policy')).toEqual([])
  expect(search('nothing')).toEqual([])
})

test.each([
  ['naive', 'a naïve cafe\u0301'],
  ['CAFÉ', 'a naïve cafe\u0301'],
  ['Übergrö', 'ubergrosse und Übergröße'],
  ['服务器', '请检查服务器日志'],
  ['日志 error', 'error: 请检查服务器日志'],
  ['サーバ', 'このサーバーは'],
  ['서버', '이 서버를 본다'],
  ['node.js', 'with node.js 24'],
  ['=>', 'x => "y\\z"'],
  ['"y\\z', 'x => "y\\z"'],
  ['100%', 'it is at 100% now'],
  ['🚀', 'ship it 🚀'],
])('%s finds %s', async (query, text) => {
  await say('one', text)
  await say('one', 'something else, 50 per cent, 其他')
  expect(search(query)).toEqual([text])
})

test.each([
  '"',
  'AND',
  'a AND',
  'NEAR(',
  'text:',
  '*',
  '^a',
  "'",
  '(',
  'a OR b',
  '-a',
  '{x}',
  '\0a',
  'a"b"c',
  '%',
  '_',
  '\\',
])('a query of %j is words and no syntax', async (query) => {
  await say('one', 'unrelated')
  const outcome = (): unknown => {
    try {
      return search(query)
    } catch (error) {
      return String(error)
    }
  }
  expect(['[]', '"UserError: there is nothing to search for"']).toContain(JSON.stringify(outcome()))
})

test('an answer is found while it grows and when it was cut off, and is indexed once, at its end', async () => {
  const seq = await appendMessage(at.store, 'one', 'assistant', text('first wor'), true)
  await updateMessage(at.store, 'one', seq, text('first words and'), true)
  expect(search('words')).toEqual(['first words and'])
  expect(indexed()).toBe(0)
  await updateMessage(at.store, 'one', seq, text('first words and last'), false)
  expect(search('last')).toEqual(['first words and last'])
  expect(indexed()).toBe(1)
})

test('the index follows what is changed and what is deleted', async () => {
  const seq = await appendMessage(at.store, 'one', 'user', text('before'))
  await updateMessage(at.store, 'one', seq, text('after'), false)
  expect([search('before'), search('after')]).toEqual([[], ['after']])
  await updateMessage(at.store, 'one', seq, text('after'), true)
  expect(indexed()).toBe(0)
  await updateMessage(at.store, 'one', seq, text('after'), false)
  await at.store.write(() =>
    at.store.db.prepare("DELETE FROM conversations WHERE conversation_id = 'one'").run(),
  )
  expect([search('after'), indexed()]).toEqual([[], 0])
  expect(
    at.store.db.prepare("SELECT count(*) AS n FROM said_words WHERE said_words MATCH 'after'").get(),
  ).toEqual({ n: 0 })
  expect(at.store.db.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('only what was said is found: no tool blocks, no names of fields', async () => {
  await appendMessage(at.store, 'one', 'assistant', [
    { type: 'text', text: 'look' },
    { type: 'tool_use', id: 't', name: 'bash', input: { command: 'grep 服务器' } },
  ])
  expect(['type', 'bash', '服务器', 'look'].map(search)).toEqual([[], [], [], ['look']])
})

test('content of another shape is kept, and not found', async () => {
  for (const [place, content] of [
    '["x"]',
    '{"type":"text"}',
    '"y"',
    '[{"type":"text","text":7}]',
  ].entries()) {
    await at.store.write(() =>
      at.store.db.prepare("INSERT INTO messages VALUES ('one', ?, 'user', ?, 0, 0)").run(place + 1, content),
    )
  }
  expect(indexed()).toBe(4)
})

test('the newest come first and the limit holds', async () => {
  for (let number = 0; number < 5; number += 1) {
    at.clock.now += 1000
    await say(number % 2 === 0 ? 'one' : 'two', `word ${number}`)
  }
  expect(searchMessages(at.store, parseQuery('word'), 2).map((found) => found.text)).toEqual([
    'word 4',
    'word 3',
  ])
})

test('a filled older store is indexed when it is brought up to date', async () => {
  const older = join(at.directory, 'older')
  mkdirSync(older)
  for (const name of readdirSync(migrations).filter((file) => file < '004'))
    copyFileSync(join(migrations, name), join(older, name))
  const directory = join(at.directory, 'store')
  mkdirSync(directory)
  const before = await openTestStore({ migrations: older, directory })
  before.store.db
    .prepare("INSERT INTO conversations (conversation_id, cwd, created_at) VALUES ('old', '/', 1)")
    .run()
  const insert = before.store.db.prepare("INSERT INTO messages VALUES ('old', ?, ?, ?, ?, 1)")
  insert.run(1, 'user', JSON.stringify(text('said long ago')), 0)
  insert.run(2, 'assistant', JSON.stringify(text('half an answ')), 1)
  before.dispose()
  const after = await openTestStore({ directory })
  expect(searchMessages(after.store, parseQuery('long ago'), 9)).toHaveLength(1)
  expect(searchMessages(after.store, parseQuery('half'), 9)).toMatchObject([{ partial: true }])
  after.dispose()
})

test('a snippet is one line around the first match, with every match in it marked', () => {
  const long = `${'before '.repeat(40)}the\n\tneedle\u001b[31m here and needle${' after'.repeat(60)}`
  const query = parseQuery('needle')
  const [found] = searchIn(long, query)
  expect(found?.filter((part) => part.marked).map((part) => part.text)).toEqual(['needle', 'needle'])
  const line = found?.map((part) => part.text).join('') ?? ''
  expect(line).toMatch(/^…before .* the needle \[31m here and needle after .*after…$/)
  expect(line.length).toBeLessThan(180)
})

test('a snippet of a text without spaces is cut between letters', () => {
  const [found] = searchIn(`${'𠮷'.repeat(200)}服务器${'𠮷'.repeat(200)}`, parseQuery('服务器'))
  expect(
    found
      ?.map((part) => part.text)
      .join('')
      .isWellFormed(),
  ).toBe(true)
})

function searchIn(long: string, query: ReturnType<typeof parseQuery>) {
  at.store.db
    .prepare("INSERT INTO messages VALUES ('one', 99, 'user', ?, 0, 0)")
    .run(JSON.stringify(text(long)))
  return searchMessages(at.store, query, 1).map((found) => snippetOf(found.text, found.matches))
}

function search(query: string): string[] {
  return searchMessages(at.store, parseQuery(query), 10).map((found) => found.text)
}

function indexed(): number {
  return at.store.db.prepare<[], { n: number }>('SELECT count(*) AS n FROM said').get()?.n ?? -1
}

async function say(id: string, words: string): Promise<void> {
  at.clock.now += 1
  await appendMessage(at.store, id, 'user', text(words))
}

function text(words: string): Block[] {
  return [{ type: 'text', text: words }]
}
