import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { appendMessage, readMessages } from '../../src/store/messages.ts'
import { tryLock } from '../../src/store/sqlite/sqlite.ts'
import { openStore } from '../../src/store/store.ts'
import { rejectionOf } from '../support/thrown.ts'
import { until } from '../support/until.ts'
import { addSession, type Home, id, integrity, migrations, openHome } from './harness.ts'

let home: Home
beforeEach(() => {
  home = openHome()
})
afterEach(() => home.dispose())

const hello = [{ type: 'text' as const, text: 'hello' }]

test('a write waits for the lock of another process, says so each second, and takes effect once', async () => {
  const waits: number[] = []
  const store = await home.open({ onWait: (waited) => waits.push(waited) })
  await addSession(store, 1)
  const holder = home.start('hold')
  await until(() => holder.lines.includes('holds'))

  let runs = 0
  const write = store.write(() => {
    runs += 1
    return store.db.prepare('UPDATE conversations SET position = position + 10').run().changes
  })
  await until(() => waits.length >= 2)
  expect(waits.map((waited) => Math.floor(waited / 1000))).toEqual(waits.map((_, index) => index + 1))
  expect(runs).toBe(0)
  holder.process.stdin?.write('let go\n')
  expect(await write).toBe(1)
  expect(store.db.prepare('SELECT position FROM conversations').pluck().all()).toEqual([11])
})

test('while a write waits, timers run and what is stored can be read', async () => {
  const store = await home.open()
  await addSession(store, 1)
  await appendMessage(store, id(1), 'user', hello)
  const holder = home.start('hold')
  await until(() => holder.lines.includes('holds'))
  const second = appendMessage(store, id(1), 'user', hello)
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(1)
    expect(readMessages(store, id(1))).toHaveLength(1)
  }
  holder.process.stdin?.write('let go\n')
  expect(await second).toBe(2)
})

test('an onWait that throws ends the waiting with its error, and nothing is written', async () => {
  const tooLong = new UserError('too long')
  const store = await home.open({
    onWait: () => {
      throw tooLong
    },
  })
  await addSession(store, 1)
  const holder = home.start('hold')
  await until(() => holder.lines.includes('holds'))
  expect(await rejectionOf(appendMessage(store, id(1), 'user', hello))).toBe(tooLong)
  await holder.kill()
  expect(readMessages(store, id(1))).toEqual([])
  expect(await appendMessage(store, id(1), 'user', hello)).toBe(1)
})

test('opening waits while another has a new file to itself', async () => {
  const sleeps: number[] = []
  const lock = tryLock(home.file)
  const opening = openStore({
    file: home.file,
    migrations,
    now: Date.now,
    waiting: {
      sleep: (ms) => {
        sleeps.push(ms)
        return sleep(ms)
      },
      onWait: () => {},
    },
  })
  await until(() => sleeps.length > 2)
  lock?.release()
  const store = await opening
  expect(integrity(store)).toBe('ok')
  store.close()
})

test('a transaction whose work throws leaves nothing behind and lets go of the lock', async () => {
  const store = await home.open()
  await addSession(store, 1)
  const refused = new UserError('no')
  const error = await rejectionOf(
    store.write(() => {
      store.db.prepare('DELETE FROM conversations').run()
      throw refused
    }),
  )
  expect(error).toBe(refused)
  expect(store.db.prepare('SELECT count(*) FROM conversations').pluck().get()).toBe(1)
  const holder = home.start('hold')
  await until(() => holder.lines.includes('holds'))
})

test.each([
  { writers: 10, messages: 60 },
  { writers: 50, messages: 12 },
])(
  '$writers processes that write at once meet no error, and every message gets a place of its own',
  async ({ writers, messages }) => {
    const store = await home.open()
    await addSession(store, 1)
    const children = [...Array(writers)].map(() => home.start('append', id(1), String(messages)))
    const codes = await Promise.all(children.map((child) => child.ended))
    expect(children.map((child) => child.errors()).join('')).toBe('')
    expect(codes).toEqual(children.map(() => 0))
    const places = children.flatMap((child) => child.lines.map(Number)).sort((a, b) => a - b)
    expect(places).toEqual([...Array(writers * messages).keys()].map((index) => index + 1))
    const texts = readMessages(store, id(1)).flatMap(({ blocks }) =>
      blocks.map((block) => (block.type === 'text' ? block.text : '')),
    )
    for (const child of children) {
      const own = texts.filter((text) => text.startsWith(`${child.pid} `))
      expect(own).toEqual([...Array(messages).keys()].map((index) => `${child.pid} ${index}`))
    }
    expect(integrity(store)).toBe('ok')
  },
)
