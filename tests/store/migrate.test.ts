import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { isName } from '../../src/domain/session-name.ts'
import { readMessages } from '../../src/store/messages.ts'
import { getSession, listAll, listOpen } from '../../src/store/sessions.ts'
import { openDatabase } from '../../src/store/sqlite/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { rejectionOf } from '../support/thrown.ts'
import { addSession, type Home, id, integrity, migrations, openHome } from './harness.ts'

let home: Home
beforeEach(() => {
  home = openHome()
})
afterEach(() => home.dispose())

const numbers = readdirSync(migrations).map((name) => Number(name.slice(0, 3)))

function applied(store: Store): unknown[] {
  return store.db.prepare('SELECT number FROM migrations ORDER BY number').pluck().all()
}

function tables(store: Store): unknown[] {
  return store.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
}

/** A directory with some of the migrations, and others besides. */
function migrationsOnly(prefixes: string[], more: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(home.directory, 'migrations-'))
  for (const name of readdirSync(migrations).filter((file) => prefixes.includes(file.slice(0, 3))))
    copyFileSync(join(migrations, name), join(directory, name))
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(directory, name), sql)
  return directory
}

test('a blank database gets the whole schema, with the columns and the index that were asked for by name', async () => {
  const store = await home.open()
  expect(applied(store)).toEqual(numbers)
  const columns = store.db.prepare("SELECT name, type FROM pragma_table_info('conversations')").all()
  for (const name of ['conversation_id', 'session_name', 'session_type', 'session_status'])
    expect(columns).toContainEqual({ name, type: 'TEXT' })
  expect(columns).toContainEqual({ name: 'last_active', type: 'INTEGER' })
  expect(
    store.db.prepare("SELECT name FROM pragma_index_info('idx_conversations_session_status')").pluck().all(),
  ).toEqual(['session_status'])
  expect(store.db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(integrity(store)).toBe('ok')
})

test('an existing empty file is a blank database', async () => {
  writeFileSync(home.file, '')
  expect(applied(await home.open())).toEqual(numbers)
})

test('the schema takes the words of the contract for type and status, and no others', async () => {
  const store = await home.open()
  await addSession(store, 1)
  const set = (column: string, word: string) => () =>
    store.db.prepare(`UPDATE conversations SET ${column} = ?`).run(word)
  for (const type of ['Debug', 'Planning', 'Development', 'CodeReview'])
    expect(set('session_type', type), type).not.toThrow()
  for (const status of ['Active', 'WaitingForInput', 'Processing', 'Paused', 'Completed'])
    expect(set('session_status', status), status).not.toThrow()
  expect(set('session_type', 'debug')).toThrow(/CHECK/)
  expect(set('session_status', 'Waiting')).toThrow(/CHECK/)
})

test('conversations of the first schema become closed sessions, with every word that was said in them', async () => {
  const old = await home.open({ migrations: migrationsOnly(['001']) })
  const said = [
    { type: 'text', text: 'why does s3 say 403? 🦊' },
    { type: 'tool_use', id: 't', name: 'run', input: { command: "ls -l 'a b'" } },
  ]
  const addConversation = old.db.prepare('INSERT INTO conversations VALUES (?, ?, ?)')
  addConversation.run(id(1), '/home/me/s3', 1000)
  addConversation.run('4f2a9c01-0000-4000-8000-000000000002', '/home/me', 2000)
  const addMessage = old.db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)')
  addMessage.run(id(1), 1, 'user', JSON.stringify([said[0]]), 0, 1100)
  addMessage.run(id(1), 2, 'assistant', JSON.stringify(said), 1, 1200)
  old.close()

  const store = await home.open()
  expect(applied(store)).toEqual(numbers)
  expect(getSession(store, id(1))).toEqual({
    id: id(1),
    name: 'chat-00000000',
    nameSource: 'auto',
    type: 'Development',
    typeSource: 'auto',
    status: 'Completed',
    waitingFor: null,
    since: 1000,
    detail: '',
    until: null,
    workspace: null,
    position: 0,
    cwd: '/home/me/s3',
    model: null,
    agent: null,
    lastActive: 1200,
    messages: 2,
    turns: 1,
    owner: null,
  })
  const sessions = listAll(store)
  expect(sessions.map(({ name, lastActive }) => [name, lastActive])).toEqual([
    ['chat-4f2a9c01', 2000],
    ['chat-00000000', 1200],
  ])
  expect(sessions.every(({ name }) => isName(name))).toBe(true)
  expect(listOpen(store, 'q')).toEqual([])
  expect(readMessages(store, id(1))).toEqual([
    { seq: 1, role: 'user', blocks: [said[0]], partial: false, createdAt: 1100 },
    { seq: 2, role: 'assistant', blocks: said, partial: true, createdAt: 1200 },
  ])
  expect(integrity(store)).toBe('ok')
})

test('a database that is up to date is opened without being written to', async () => {
  const first = await home.open()
  await addSession(first, 1)
  first.close()
  const before = readFileSync(home.file)
  const again = await home.open()
  expect(applied(again)).toEqual(numbers)
  again.close()
  expect(readFileSync(home.file).equals(before)).toBe(true)
})

test('a migration that fails in its middle leaves nothing behind, and the ones before it stand', async () => {
  const broken = migrationsOnly(['001'], {
    '002_good.sql': 'CREATE TABLE good (a);',
    '003_bad.sql': 'CREATE TABLE half (a); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);',
  })
  const error = await rejectionOf(home.open({ migrations: broken }))
  expect(error).toBeInstanceOf(UserError)
  writeFileSync(join(broken, '003_bad.sql'), 'CREATE TABLE whole (a);')
  const before = await home.open({ migrations: migrationsOnly(['001'], { '002_good.sql': '' }) })
  expect(applied(before)).toEqual([1, 2])
  expect(tables(before)).toEqual(['conversations', 'good', 'messages', 'migrations'])
  before.close()
  expect(tables(await home.open({ migrations: broken }))).toContain('whole')
})

test.each(['wal', 'delete'])('a newer schema in %s mode is refused and left byte for byte', async (mode) => {
  const newer = await home.open()
  await addSession(newer, 1)
  newer.db.prepare('INSERT INTO migrations VALUES (999, ?, 0)').run('999_future.sql')
  expect(newer.db.pragma(`journal_mode = ${mode}`, { simple: true })).toBe(mode)
  newer.close()
  const before = readFileSync(home.file)

  const error = await rejectionOf(home.open())
  expect(error).toBeInstanceOf(UserError)
  expect(error).toMatchObject({
    message: expect.stringContaining(`its schema is 999, this one knows ${Math.max(...numbers)}`),
    hint: expect.stringContaining('update q-mux'),
  })
  expect(readFileSync(home.file).equals(before)).toBe(true)
  expect(readdirSync(home.directory)).toEqual(['q.sqlite3'])
})

test('a newer schema whose last words are still in the -wal is refused, and those words stay', async () => {
  const newer = await home.open()
  newer.db.prepare('INSERT INTO migrations VALUES (999, ?, 0)').run('999_future.sql')
  await addSession(newer, 1)
  expect(await rejectionOf(home.open())).toMatchObject({ message: expect.stringContaining('newer q') })
  newer.close()
  const db = openDatabase(home.file)
  expect(db.prepare('SELECT count(*) FROM conversations').pluck().get()).toBe(1)
  db.close()
})

test('20 processes that open an empty data directory at once all succeed, and it is migrated once', async () => {
  const children = [...Array(20)].map(() => home.start('open'))
  const codes = await Promise.all(children.map((child) => child.ended))
  expect(children.map((child) => child.errors()).join('')).toBe('')
  expect(codes).toEqual(children.map(() => 0))
  expect(children.map((child) => child.lines.at(-1))).toEqual(children.map(() => 'open'))
  const store = await home.open()
  expect(applied(store)).toEqual(numbers)
  expect(integrity(store)).toBe('ok')
})
