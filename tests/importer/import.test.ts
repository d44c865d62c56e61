import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/domain/message.ts'
import { isName } from '../../src/domain/session-name.ts'
import { validHistory } from '../../src/domain/valid-history.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { thisProcess } from '../support/processes.ts'
import { exampleId, exchange, toolTalk, value } from './example.ts'
import { addRows, holder, makeSource, secret, snapshot } from './source-file.ts'

let lab: Lab
let file: string
beforeEach(() => {
  lab = openLab()
  file = join(lab.home, '.local/share/amazon-q/data.sqlite3')
})
afterEach(() => lab.dispose())

const load = (...words: string[]) => lab.q(['mux', 'import', ...words])
const all = async () => (await lab.list('--all')).sessions

function messagesOf(id: string): Message[] {
  const db = new Database(lab.database, { readonly: true })
  const rows = db
    .prepare<unknown[], { role: 'user' | 'assistant'; content: string }>(
      'SELECT role, content FROM messages WHERE conversation_id = ? ORDER BY seq',
    )
    .all(id)
  db.close()
  return rows.map(({ role, content }) => ({ role, blocks: JSON.parse(content) }))
}

test('an older database: listed, named after its directory, valid for the model, resumable', async () => {
  makeSource(file, { older: [{ key: '/home/u/My App', value: value(toolTalk) }] })
  const before = snapshot(file)
  expect(await load()).toMatchObject({ code: 0, stdout: '1 conversation imported\n' })
  expect(snapshot(file)).toEqual(before)

  const [session] = await all()
  expect(session).toMatchObject({
    name: 'my-app',
    nameSource: 'auto',
    type: 'Development',
    status: 'Completed',
    cwd: '/home/u/My App',
    messages: 4,
    lastActive: Date.parse('2025-11-20T08:30:00.123Z'),
  })
  const messages = messagesOf(session?.id ?? '')
  expect(validHistory(messages)).toEqual(messages)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
  expect((await lab.list()).sessions).toEqual([])

  expect(await lab.q(['chat', '--resume', 'my-app', 'and the keys?'])).toMatchObject({ code: 0 })
  expect((await all())[0]?.messages).toBe(6)
})

test('a newer database is read in place of the older table, with its ids and times', async () => {
  makeSource(file, {
    older: [{ key: '/a', value: value([exchange('old', 'table')], 'old') }],
    newer: [
      { key: '/a', id: 'one', value: value([exchange('first', 'answer')], 'else') },
      {
        key: '/a',
        id: 'two',
        value: value([exchange('second', 'answer')], null),
        updated: 1_700_000_900_000,
      },
    ],
  })
  expect((await load()).stdout).toBe('2 conversations imported\n')
  expect((await all()).map(({ name, lastActive, cwd }) => [name, lastActive, cwd])).toEqual([
    ['a-2', 1_700_000_900_000, '/a'],
    ['a', 1_700_000_600_000, '/a'],
  ])
})

test('a newer table that is still empty does not hide the older one', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }], newer: [] })
  expect((await load()).stdout).toBe('1 conversation imported\n')
})

test('each conversation is there once however often it is imported, and from both programs', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  makeSource(join(lab.home, '.local/share/kiro-cli/data.sqlite3'), {
    newer: [{ key: '/a', id: exampleId, value: value([...toolTalk, exchange('more', 'yes')]) }],
  })
  expect((await load()).stdout).toBe('1 conversation imported, 1 here already\n')
  expect((await load()).stdout).toBe('0 conversations imported, 2 here already\n')
  const two = await Promise.all([load(file), load(file)])
  expect(two.map(({ stdout }) => stdout)).toEqual(Array(2).fill('0 conversations imported, 1 here already\n'))
  expect((await all()).map(({ messages }) => messages)).toEqual([6])
})

test('two imports at once keep each conversation once', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => ({
    key: `/x/${n}`,
    value: value([exchange(`${n}`, 'ok')], `id-${n}`),
  }))
  makeSource(file, { older: rows })
  const both = await Promise.all([load(), load()])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(await all()).toHaveLength(40)
})

test('what was said there since is added, unless the talk went on here or was changed', async () => {
  const grown = [...toolTalk, exchange('more', 'yes')]
  const rows = (history: object[]) => ['/a', '/b', '/c'].map((key) => ({ key, value: value(history, key) }))
  makeSource(file, { older: rows(toolTalk) })
  await load()
  await lab.q(['chat', '--resume', 'b', 'on from here'])
  addRows(file, { older: [...rows(grown).slice(0, 2), { key: '/c', value: value(grown.slice(1), '/c') }] })

  const again = await load()
  expect(again).toMatchObject({
    code: 0,
    stdout: '0 conversations imported, 1 brought up to date, 2 skipped\n',
  })
  expect(again.stderr).toContain(
    'went on there and here since it was imported; yours stays as it is: /b (/b)',
  )
  expect(again.stderr).toContain('yours stays as it is: /c (/c)')
  const sizes = Object.fromEntries((await all()).map(({ name, messages }) => [name, messages]))
  expect(sizes).toEqual({ a: 6, b: 6, c: 4 })
  expect(messagesOf((await all()).find(({ name }) => name === 'a')?.id ?? '').at(-1)).toEqual({
    role: 'assistant',
    blocks: [{ type: 'text', text: 'yes' }],
  })
})

test('nothing is added to a talk that is open here', async () => {
  const rows = (history: object[]) => ['/a', '/b', '/c'].map((key) => ({ key, value: value(history, key) }))
  makeSource(file, { older: rows(toolTalk) })
  await load()
  const { pid, startTime } = thisProcess()
  const db = new Database(lab.database)
  db.exec("UPDATE conversations SET session_status = 'Paused', workspace = 'q' WHERE session_name = 'a'")
  const owned = db.prepare('UPDATE conversations SET owner_pid = ?, owner_start = ? WHERE session_name = ?')
  owned.run(pid, startTime, 'b')
  owned.run(pid, 'of a process long gone', 'c')
  db.close()
  addRows(file, { older: rows([...toolTalk, exchange('more', 'yes')]) })
  const { stdout, stderr } = await load()
  expect(stdout).toBe('0 conversations imported, 1 brought up to date, 2 skipped\n')
  expect(stderr).toContain('is open here; close it and import again: /a (/a), /b (/b)')
})

test('rows that are no conversation are skipped, a line for each reason, and the rest is imported', async () => {
  makeSource(file, {
    newer: [
      { key: '/1', id: '1', value: '{' },
      { key: '/2', id: '2', value: '[]' },
      { key: '/3', id: '3', value: value([]) },
      { key: '/4', id: '4', value: Buffer.from('{}') },
      { key: '/5', id: '5', value: value(toolTalk), created: 'never', updated: Buffer.from([1]) },
      { key: '/6', id: '6', value: 'x' },
      { key: Buffer.from([0, 255]), id: '7', value: value(toolTalk) },
    ],
  })
  const { code, stdout, stderr } = await load()
  expect({ code, stdout }).toEqual({ code: 0, stdout: '2 conversations imported, 5 skipped\n' })
  expect(stderr.split('\n').filter((line) => line.includes('skipped'))).toEqual([
    '! skipped 2, not JSON: 1 (/1), 6 (/6)',
    '! skipped 1, JSON, but no conversation: 2 (/2)',
    '! skipped 1, nothing was said: 3 (/3)',
    '! skipped 1, no text in the row: 4 (/4)',
  ])
})

test('a row of 200 MB is skipped without being read', async () => {
  makeSource(file, { older: [{ key: '/fine', value: value(toolTalk) }] })
  const db = new Database(file)
  db.exec("INSERT INTO conversations VALUES ('/huge', printf('%.*c', 200000000, 'x'))")
  db.close()
  const { code, stdout, stderr } = await lab.q(['mux', 'import'], {
    env: { NODE_OPTIONS: '--max-old-space-size=120' },
  })
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1 conversation imported, 1 skipped\n' })
  expect(stderr).toContain('larger than can be read (64 MB, or 32 MB without images): without an id (/huge)')
})

test('hostile directories and texts become a plain name, a plain directory, and nothing on the terminal', async () => {
  const hostile = [
    '/x/#(touch pwned)',
    '/x/\u001b]52;c;aGk=\u0007',
    '/x/a\u0000b',
    '../../etc',
    '/x/\u202egnp.exe',
    '-rf',
    `/x/${'y'.repeat(5000)}`,
    "/x/'; DROP TABLE conversations; --",
    '',
  ]
  makeSource(file, {
    older: [
      ...hostile.map((key, n) => ({ key, value: value([exchange('\u001b[2Jhi', 'yo')], `c${n}`) })),
      { key: '/x/\u001b[31mred\u009b2J', value: '{' },
    ],
  })
  const { code, stdout, stderr } = await load()
  expect({ code, stdout }).toEqual({ code: 0, stdout: '9 conversations imported, 1 skipped\n' })
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  const sessions = await all()
  expect(sessions.map(({ name }) => name).filter((name) => !isName(name))).toEqual([])
  expect(new Set(sessions.map(({ name }) => name)).size).toBe(9)
  expect(sessions.map(({ cwd }) => cwd).sort()).toEqual(
    ['/x/#(touch pwned)', "/x/'; DROP TABLE conversations; --", ...Array(7).fill(lab.home)].sort(),
  )
  expect((await lab.q(['mux', 'list', '--all'])).stdout).not.toContain('\u001b')
  expect(messagesOf(sessions[0]?.id ?? '')[0]?.blocks).toEqual([{ type: 'text', text: '\u001b[2Jhi' }])
})

test('credentials are not taken over', async () => {
  makeSource(file, { newer: [{ key: '/a', id: '1', value: value(toolTalk) }] })
  await load()
  const db = new Database(lab.database)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  expect(readFileSync(lab.database).includes(secret)).toBe(false)
  const state = join(lab.home, '.local/state/q-mux')
  expect(readdirSync(state).filter((name) => name.startsWith('import-'))).toEqual([])
})

test('a program that is about to write does not stand in the way, and nothing of its file changes', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  const other = await holder(
    lab,
    file,
    "BEGIN IMMEDIATE; INSERT INTO conversations VALUES ('/new', 'not there yet')",
  )
  const before = snapshot(file)
  expect(Object.keys(before)).toContain('data.sqlite3-journal')
  expect(await load()).toMatchObject({ code: 0, stdout: '1 conversation imported\n' })
  expect(snapshot(file)).toEqual(before)
  await other.end('COMMIT')
  expect(await load()).toMatchObject({
    code: 0,
    stdout: '0 conversations imported, 1 here already, 1 skipped\n',
  })
})

test('an exclusive lock is waited for, and said when it stays', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  const other = await holder(lab, file, 'BEGIN EXCLUSIVE')
  const before = snapshot(file)
  const locked = await load()
  expect(locked).toMatchObject({ code: 1, stdout: '' })
  expect(locked.stderr).toContain(`${file} is locked by another program`)
  expect(snapshot(file)).toEqual(before)
  const waiting = load()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await other.end('ROLLBACK')
  expect(await waiting).toMatchObject({ code: 0, stdout: '1 conversation imported\n' })
})

test('a journal that a crash left is not touched: what it takes back is taken back in a copy', async () => {
  const crashed = join(lab.home, 'crashed.sqlite3')
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  const db = new Database(file)
  db.pragma('cache_size = 1')
  db.exec('BEGIN IMMEDIATE')
  for (let n = 0; n < 50; n += 1)
    db.prepare('INSERT INTO conversations VALUES (?, ?)').run(
      `/n${n}`,
      value([exchange('x'.repeat(9000), 'y')], `n${n}`),
    )
  const bytes = readFileSync(file)
  const journal = readFileSync(`${file}-journal`)
  db.exec('ROLLBACK')
  db.close()
  mkdirSync(join(lab.home, 'c'))
  const left = join(lab.home, 'c', 'data.sqlite3')
  writeFileSync(left, bytes)
  writeFileSync(`${left}-journal`, journal)
  symlinkSync(left, crashed)
  const before = snapshot(left)
  expect(await load(crashed)).toMatchObject({ code: 0, stdout: '1 conversation imported\n' })
  expect(snapshot(left)).toEqual(before)
  expect(readdirSync(join(lab.home, '.local/state/q-mux'))).toEqual([])
})

test('a database in WAL mode is read to its last commit, and no file comes or goes beside it', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk, 'a') }] })
  const other = await holder(
    lab,
    file,
    `PRAGMA journal_mode = WAL; INSERT INTO conversations VALUES ('/b', '${value([exchange('b', 'ok')], 'b')}')`,
  )
  const before = snapshot(file)
  expect(await load()).toMatchObject({ code: 0, stdout: '2 conversations imported\n' })
  expect(snapshot(file)).toEqual(before)
  await other.end()
  const closed = snapshot(file)
  expect(Object.keys(closed)).toEqual(['.', 'data.sqlite3'])
  expect(await load()).toMatchObject({ stdout: '0 conversations imported, 2 here already\n' })
  expect(snapshot(file)).toEqual(closed)
})

test('without a database, the places that were looked at are named', async () => {
  const none = await lab.q(['mux', 'import'], { env: { XDG_DATA_HOME: join(lab.home, 'data') } })
  expect(none).toMatchObject({ code: 1, stdout: '' })
  for (const place of ['data/kiro-cli', 'data/amazon-q', '.local/share/kiro-cli', '.local/share/amazon-q'])
    expect(none.stderr).toContain(join(lab.home, place, 'data.sqlite3'))
  expect(none.stderr).toContain('q mux import FILE')
})

test.each<[string, (path: string) => void, RegExp]>([
  ['a file that is not there', () => {}, /cannot be read: ENOENT/],
  [
    'a text',
    (path) => writeFileSync(path, 'SQLite format 4, says a text'),
    /not a database of .*: not SQLite/,
  ],
  ['an empty file', (path) => writeFileSync(path, ''), /it is empty/],
  ['a directory', (path) => mkdirSync(path), /not a regular file/],
  [
    'the database of another program',
    (path) => new Database(path).exec('CREATE TABLE conversations (id INTEGER, text TEXT)').close(),
    /it has no table of conversations/,
  ],
  [
    'a view in place of the table',
    (path) =>
      new Database(path)
        .exec("CREATE VIEW conversations AS SELECT 'a' AS key, randomblob(900000000) AS value")
        .close(),
    /it has no table of conversations/,
  ],
  [
    'a header with garbage behind it',
    (path) =>
      writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 0x41)])),
    /is damaged|is not a database/,
  ],
])('%s is refused with a message, and left as it is', async (_name, make, message) => {
  const path = join(lab.home, 'x', 'given.sqlite3')
  mkdirSync(dirname(path))
  make(path)
  const before = snapshot(path)
  const { code, stdout, stderr } = await load(path)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain('should not happen')
  expect(snapshot(path)).toEqual(before)
})

test('a damaged page costs the conversations in it and no other', async () => {
  const rows = ['a', 'b', 'c'].map((letter) => ({
    key: `/${letter}`,
    value: value([exchange(letter.repeat(40_000), 'y')], letter),
  }))
  makeSource(file, { older: rows })
  const bytes = readFileSync(file)
  const middle = bytes.indexOf('b'.repeat(2000)) + 20_000
  // The first bytes of a page in the middle of a long value name the next one.
  bytes.writeUInt32BE(0xffffff, Math.floor(middle / 4096) * 4096)
  writeFileSync(file, bytes)
  const { code, stdout, stderr } = await load()
  expect({ code, stdout }).toEqual({ code: 0, stdout: '2 conversations imported, 1 skipped\n' })
  expect(stderr).toContain('that part of the file is damaged: without an id (/b)')
})

test('one database that cannot be read does not keep the other from being imported', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  const other = join(lab.home, '.local/share/kiro-cli/data.sqlite3')
  mkdirSync(dirname(other))
  writeFileSync(other, 'garbage')
  const { code, stdout, stderr } = await load()
  expect({ code, stdout }).toEqual({ code: 1, stdout: '1 conversation imported\n' })
  expect(stderr).toContain(`${other} is not a database of Amazon Q CLI`)
})

test('our own files stay private', async () => {
  makeSource(file, { older: [{ key: '/a', value: value(toolTalk) }] })
  await load()
  expect(statSync(lab.database).mode & 0o777).toBe(0o600)
})
