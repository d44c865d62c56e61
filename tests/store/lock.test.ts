import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tryLock } from '../../src/store/sqlite/sqlite.ts'
import { startChild } from '../support/child.ts'
import { until } from '../support/until.ts'
import { type Home, openHome } from './harness.ts'

let home: Home
let file: string
beforeEach(() => {
  home = openHome()
  file = join(home.directory, 'start.lock')
})
afterEach(() => home.dispose())

function otherProcess() {
  return startChild(new URL('process.ts', import.meta.url), ['lock', file])
}

async function answerOfAnother(): Promise<string | undefined> {
  const child = otherProcess()
  const answer = await until(() => child.lines[0])
  await child.kill()
  return answer
}

test('a lock that is held is refused to another process, and given once it is released', async () => {
  const lock = tryLock(file)
  expect(lock).toBeDefined()
  expect(await answerOfAnother()).toBe('refused')
  lock?.release()
  expect(await answerOfAnother()).toBe('locked')
})

test('a lock that another process holds is refused here without an error, and free at once when it is killed', async () => {
  const holder = otherProcess()
  expect(await until(() => holder.lines[0])).toBe('locked')
  expect(tryLock(file)).toBeUndefined()
  await holder.kill()
  const lock = tryLock(file)
  expect(lock).toBeDefined()
  lock?.release()
})

test('asking again in the same process is refused, and does not lose the lock to another process', async () => {
  const lock = tryLock(file)
  expect(tryLock(file)).toBeUndefined()
  expect(await answerOfAnother()).toBe('refused')
  lock?.release()
})

test('of ten processes that want a lock at once, one gets it', async () => {
  const children = [...Array(10)].map(otherProcess)
  await until(() => children.every((child) => child.lines.length === 1))
  expect(children.map((child) => child.lines[0]).sort()).toEqual(['locked', ...Array(9).fill('refused')])
})

test('the lock is for its owner alone whatever the umask', () => {
  const umask = process.umask(0)
  try {
    tryLock(file)?.release()
  } finally {
    process.umask(umask)
  }
  expect(statSync(file).mode & 0o777).toBe(0o600)
})
