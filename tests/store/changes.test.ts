import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resumeChoices } from '../../src/sessions/resume-session.ts'
import { watchChanges } from '../../src/sessions/watch-changes.ts'
import { writeStatus } from '../../src/status/status-files.ts'
import { appendMessage } from '../../src/store/messages.ts'
import { setSessionStatus } from '../../src/store/sessions.ts'
import type { Store } from '../../src/store/store.ts'
import { statusOf } from '../status/harness.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
let store: Store
beforeEach(async () => {
  home = openHome()
  store = await home.open()
  await addSession(store, 1)
})
afterEach(() => home.dispose())

const waits = { status: 'Paused', waitingFor: null, since: 1 } as const

test('a change of the store and one of a status are told, also one that comes while the last is looked at', async () => {
  const ending = new AbortController()
  const statusDir = join(home.directory, 'status')
  writeStatus(statusDir, statusOf(id(1)))
  let looks = 0
  for await (const _ of watchChanges({ paths: { database: home.file, statusDir } }, ending.signal)) {
    looks += 1
    if (looks === 1) {
      await setSessionStatus(store, id(1), waits)
      // A look that lasts until all of the change was told.
      await sleep(500)
    }
    if (looks === 2) setTimeout(() => writeStatus(statusDir, statusOf(id(1), { turn: 7 })), 300)
    else if (looks > 3) break
  }
  expect(looks).toBe(4)
})

test('the signal ends it while nothing changes, and one that has fired lets it look once', async () => {
  const ending = new AbortController()
  const places = { paths: { database: home.file, statusDir: home.directory } }
  let looks = 0
  for await (const _ of watchChanges(places, ending.signal)) {
    looks += 1
    setTimeout(() => ending.abort(), 300)
  }
  expect(looks).toBeGreaterThan(0)
  let again = 0
  for await (const _ of watchChanges(places, ending.signal)) again += 1
  expect(again).toBe(1)
})

test('what can be gone on with is read once, and the last words of one when they are asked for', async () => {
  for (const number of [2, 3]) {
    await addSession(store, number)
    await appendMessage(store, id(number), 'user', [{ type: 'text', text: `words of ${number}` }])
  }
  let reads = 0
  const counted: Store = {
    ...store,
    read: (work) => {
      reads += 1
      return store.read(work)
    },
  }
  const processes = { livenessAmong: () => () => 'gone' as const }
  const choices = resumeChoices(counted, processes)
  expect(choices.map(({ session }) => session.id).sort()).toEqual([id(2), id(3)])
  expect(reads).toBe(1)
  const of3 = choices.find(({ session }) => session.id === id(3))
  expect([of3?.lastWords(), of3?.lastWords()]).toEqual(['words of 3', 'words of 3'])
  expect(reads).toBe(2)
})
