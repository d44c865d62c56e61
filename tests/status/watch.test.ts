import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStatus, removeStatus, writeStatus } from '../../src/status/status-files.ts'
import { type StatusWatch, watchStatuses } from '../../src/status/watch-statuses.ts'
import { until } from '../support/until.ts'
import { id, openPlace, type Place, statusOf } from './harness.ts'

let place: Place
let watch: StatusWatch
/** What a listener believes who reads a file when it is told of it, and at no other time. */
let believed: Map<string, number | string>
let told: string[]
let swept: number
let trouble: string[]

beforeEach(async () => {
  place = openPlace()
  believed = new Map()
  told = []
  swept = 0
  trouble = []
  watch = await watchStatuses(place.directory, {
    changed(session) {
      told.push(session)
      const parsed = readStatus(place.directory, session)
      believed.set(session, parsed?.ok ? parsed.status.turn : (parsed?.problem ?? 'none'))
    },
    swept: () => {
      swept += 1
    },
    trouble: (message) => trouble.push(message),
  })
})
afterEach(async () => {
  await watch.close()
  await place.dispose()
  expect(trouble).toEqual([])
})

function write(session: string, turn: number): void {
  writeStatus(place.directory, statusOf(session, { turn }))
}

test('a file that comes, changes and goes is told each time', async () => {
  write(id(1), 1)
  await until(() => believed.get(id(1)) === 1)
  write(id(1), 2)
  await until(() => believed.get(id(1)) === 2)
  removeStatus(place.directory, id(1))
  await until(() => believed.get(id(1)) === 'none')
  write(id(1), 3)
  await until(() => believed.get(id(1)) === 3)
})

test.each([0, 1, 5, 10, 20, 50])(
  'of two changes %i ms apart the second is the last one told',
  async (gap) => {
    for (let turn = 2; turn <= 20; turn += 2) {
      write(id(1), turn - 1)
      if (gap > 0) await sleep(gap)
      write(id(1), turn)
      await until(() => believed.get(id(1)) === turn, { every: 2 })
    }
  },
)

test('a file that goes and comes back 1 to 50 ms later is believed to be there', async () => {
  let turn = 1
  for (const gap of [1, 5, 10, 20, 50, 1, 5, 10, 20, 50]) {
    write(id(1), turn)
    await until(() => believed.get(id(1)) === turn)
    removeStatus(place.directory, id(1))
    await sleep(gap)
    turn += 1
    write(id(1), turn)
    await until(() => believed.get(id(1)) === turn)
  }
})

test('2,000 changes of 20 files end in the last of each', async () => {
  for (let turn = 1; turn <= 100; turn += 1) {
    for (let number = 1; number <= 20; number += 1) write(id(number), turn)
    if (turn % 10 === 0) await sleep(1)
  }
  await until(() => [...Array(20).keys()].every((number) => believed.get(id(number + 1)) === 100))
})

test('files that are no status are not told, and what is odd under a status name does no harm', async () => {
  for (const name of ['notes.txt', `.${id(1)}.77.tmp`, `${id(1)}.json.bak`, 'x.json'])
    writeFileSync(join(place.directory, name), 'x')
  mkdirSync(join(place.directory, 'sub'))
  execFileSync('mkfifo', [place.file(id(2))])
  symlinkSync('/dev/zero', place.file(id(3)))
  mkdirSync(place.file(id(4)))
  write(id(5), 1)
  await until(() => believed.get(id(5)) === 1)
  await until(() => believed.get(id(2)) === 'it is not a regular file')
  await until(() => believed.get(id(3)) === 'it is a link')
  expect(told.every((session) => [2, 3, 4, 5].map(id).includes(session))).toBe(true)
})

test('the removal of the directory is told, also when files lay in it', async () => {
  write(id(1), 1)
  await until(() => believed.get(id(1)) === 1)
  rmSync(place.directory, { recursive: true })
  await until(() => swept > 0)
  await until(() => believed.get(id(1)) === 'none')
})

test('the removal is told once also when another directory stands in its place at once', async () => {
  rmSync(place.directory, { recursive: true })
  mkdirSync(place.directory)
  await until(() => swept > 0)
  rmSync(place.directory, { recursive: true })
  mkdirSync(place.directory)
  const before = told.length
  write(id(1), 1)
  await watch.close()
  expect([swept, before]).toEqual([1, 0])
})

test('a directory that is made again is watched by a new watch', async () => {
  rmSync(place.directory, { recursive: true })
  await until(() => swept > 0)
  await watch.close()
  mkdirSync(place.directory)
  const changed: string[] = []
  watch = await watchStatuses(place.directory, {
    changed: (session) => changed.push(session),
    swept: () => {},
    trouble: (message) => trouble.push(message),
  })
  write(id(1), 1)
  await until(() => changed.includes(id(1)))
})

test('after it is closed nothing more is told', async () => {
  await watch.close()
  write(id(1), 1)
  let seen = false
  watch = await watchStatuses(place.directory, {
    changed: () => {
      seen = true
    },
    swept: () => {},
    trouble: (message) => trouble.push(message),
  })
  write(id(1), 2)
  await until(() => seen)
  expect(told).toEqual([])
})
