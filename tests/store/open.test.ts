import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { appendMessage, readLastExchange, readMessages } from '../../src/store/messages.ts'
import { rejectionOf, thrownBy } from '../support/thrown.ts'
import { until } from '../support/until.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
beforeEach(() => {
  home = openHome()
})
afterEach(() => home.dispose())

async function refusal(): Promise<UserError> {
  const error = await rejectionOf(home.open())
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}

describe('what stands where the database should be', () => {
  test.each([
    ['a text', 'this is not a database, it only has its name\n'.repeat(100)],
    ['a short text', 'hello'],
    ['noise', Buffer.from([...Array(5000).keys()].map((n) => (n * 167) % 256))],
  ])('%s is refused, with what to do, and kept as it is', async (_, content) => {
    writeFileSync(home.file, content)
    expect(await refusal()).toMatchObject({
      message: `${home.file} is not a database`,
      hint: `it was left as it is; move it away to start afresh: mv ${home.file} ${home.file}.old`,
    })
    expect(readFileSync(home.file).equals(Buffer.from(content))).toBe(true)
    expect(readdirSync(home.directory)).toEqual(['q.sqlite3'])
  })

  test('a directory is refused and keeps its mode', async () => {
    mkdirSync(home.file, { mode: 0o755 })
    expect(await refusal()).toMatchObject({
      message: `${home.file} is not a regular file`,
      hint: expect.stringContaining(`ls -ld ${home.file}`),
    })
    expect(statSync(home.file).mode & 0o777).toBe(0o755)
  })

  test('a FIFO is refused and not waited for', async () => {
    execFileSync('mkfifo', [home.file])
    expect((await refusal()).message).toBe(`${home.file} is not a regular file`)
  })

  test.each(['nowhere', 'q.sqlite3'])('a link to %s is refused', async (target) => {
    symlinkSync(join(home.directory, target), home.file)
    expect(await refusal()).toMatchObject({
      message: `${home.file} cannot be opened`,
      hint: 'check that the directory exists and is yours',
    })
  })

  test('a directory that does not exist is said', async () => {
    rmSync(home.directory, { recursive: true })
    expect((await refusal()).message).toBe(`${home.file} cannot be opened`)
  })

  test('a database that was cut in its middle is refused and kept as it is', async () => {
    const store = await home.open()
    await addSession(store, 1)
    store.close()
    const cut = readFileSync(home.file).subarray(0, 5000)
    writeFileSync(home.file, cut)
    expect(await refusal()).toMatchObject({
      message: expect.stringMatching(/is damaged \(SQLITE_CORRUPT/),
      hint: expect.stringContaining(`sqlite3 ${home.file} .recover`),
    })
    expect(readFileSync(home.file).equals(cut)).toBe(true)
  })
})

test('a database that was emptied beside its log is refused, and the log is kept', async () => {
  const store = await home.open()
  await addSession(store, 1)
  const log = readFileSync(`${home.file}-wal`)
  store.close()
  writeFileSync(home.file, '')
  writeFileSync(`${home.file}-wal`, log)
  expect(await refusal()).toMatchObject({
    message: `${home.file} is empty, but ${home.file}-wal still holds what was saved last`,
    hint: expect.stringContaining('nothing was touched'),
  })
  expect(readFileSync(`${home.file}-wal`).equals(log)).toBe(true)
})

test('a damaged page is said by whatever reads or writes it, and the rest stays readable', async () => {
  const first = await home.open()
  await addSession(first, 1)
  await addSession(first, 2)
  for (let number = 0; number < 40; number += 1)
    await appendMessage(first, id(1), 'user', [{ type: 'text', text: `${number} `.repeat(300) }])
  const root = first.db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").pluck().get()
  const pageSize = Number(first.db.pragma('page_size', { simple: true }))
  first.close()
  const bytes = readFileSync(home.file)
  bytes.fill(0xa5, (Number(root) - 1) * pageSize, Number(root) * pageSize)
  writeFileSync(home.file, bytes)

  const store = await home.open()
  const damaged = {
    name: 'UserError',
    message: expect.stringMatching(/q\.sqlite3 is damaged \(SQLITE_CORRUPT/),
    hint: expect.stringContaining('.recover'),
  }
  expect(thrownBy(() => readMessages(store, id(1)))).toMatchObject(damaged)
  expect(thrownBy(() => readLastExchange(store, id(1)))).toMatchObject(damaged)
  expect(await rejectionOf(appendMessage(store, id(1), 'user', []))).toMatchObject(damaged)
  expect(store.db.prepare('SELECT count(*) FROM conversations').pluck().get()).toBe(2)
})

test('a full disk is said, what was saved before stays, and the same message is taken once there is room', async () => {
  const store = await home.open()
  await addSession(store, 1)
  const pages = Number(store.db.pragma('page_count', { simple: true }))
  store.db.pragma(`max_page_count = ${pages}`)
  const large = [{ type: 'text' as const, text: 'x'.repeat(100_000) }]
  expect(await rejectionOf(appendMessage(store, id(1), 'user', large))).toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('the disk is full'),
    hint: 'free some space and send the line again',
  })
  expect(readMessages(store, id(1))).toEqual([])
  store.db.pragma('max_page_count = 100000')
  expect(await appendMessage(store, id(1), 'user', large)).toBe(1)
})

test.runIf(process.getuid?.() === 0)(
  'a file that may not be written is refused with what to look at',
  async () => {
    ;(await home.open()).close()
    chmodSync(home.directory, 0o755)
    chmodSync(home.file, 0o444)
    expect(await asNobody(() => rejectionOf(home.open()))).toMatchObject({
      name: 'UserError',
      message: `${home.file} cannot be written`,
      hint: `check the permissions: ls -l ${home.file}`,
    })
    rmSync(home.file)
    expect(await asNobody(() => rejectionOf(home.open()))).toMatchObject({
      name: 'UserError',
      message: `${home.file} cannot be written`,
    })
  },
)

/** Starts `work` as a user who is not root: effective ids can be changed and taken back. */
function asNobody<T>(work: () => T): T {
  process.setegid?.(65534)
  process.seteuid?.(65534)
  try {
    return work()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}

describe('whatever the umask', () => {
  let umask: number
  beforeEach(() => {
    umask = process.umask(0)
  })
  afterEach(() => void process.umask(umask))

  test('the database, its -wal and its -shm are for their owner alone', async () => {
    await addSession(await home.open(), 1)
    const modes = readdirSync(home.directory).map((name) => [
      name,
      (statSync(join(home.directory, name)).mode & 0o777).toString(8),
    ])
    expect(modes).toEqual([
      ['q.sqlite3', '600'],
      ['q.sqlite3-shm', '600'],
      ['q.sqlite3-wal', '600'],
    ])
  })

  test('a database that was open to others is closed to them', async () => {
    ;(await home.open()).close()
    chmodSync(home.file, 0o666)
    await addSession(await home.open(), 1)
    await until(() => readdirSync(home.directory).length === 3)
    for (const name of readdirSync(home.directory))
      expect(statSync(join(home.directory, name)).mode & 0o777, name).toBe(0o600)
  })
})
