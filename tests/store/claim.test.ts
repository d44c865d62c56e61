import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimSession, getSession, releaseSession } from '../../src/store/sessions.ts'
import type { Store } from '../../src/store/store.ts'
import { livenessOf, thisProcess } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
let store: Store
beforeEach(async () => {
  home = openHome()
  store = await home.open()
  await addSession(store, 1)
})
afterEach(() => home.dispose())

const lives = (process: { pid: number; startTime: string }): boolean => livenessOf(process) !== 'gone'
const ownerPid = (): number | undefined => getSession(store, id(1))?.owner?.pid

test('a conversation that a living process has is refused to a second one, with who has it', async () => {
  const first = home.start('claim', id(1))
  await until(() => first.lines.includes(`claimed ${first.pid}`))
  expect(await claimSession(store, id(1), thisProcess(), lives)).toMatchObject({ pid: first.pid })
  const second = home.start('claim', id(1))
  expect(await second.ended).toBe(0)
  expect(second.lines).toEqual([`refused ${first.pid}`])
  expect(ownerPid()).toBe(first.pid)
})

test('of ten processes that want a conversation at once, one gets it and the others are told who', async () => {
  const children = [...Array(10)].map(() => home.start('claim', id(1)))
  await until(() => children.every((child) => child.lines.length === 1))
  const winner = ownerPid()
  expect(children.map((child) => child.lines[0]).sort()).toEqual([
    `claimed ${winner}`,
    ...Array(9).fill(`refused ${winner}`),
  ])
})

test('a conversation is taken over from a process that was killed', async () => {
  const first = home.start('claim', id(1))
  await until(() => first.lines.length === 1)
  await first.kill('SIGKILL')
  expect(ownerPid()).toBe(first.pid)
  expect(await claimSession(store, id(1), thisProcess(), lives)).toBeUndefined()
  expect(getSession(store, id(1))?.owner).toEqual(thisProcess())
})

test('a process that only has the same pid as the last owner is not taken for it', async () => {
  const stranger = home.start('claim', id(2))
  await until(() => stranger.lines.length === 1)
  const reused = { pid: stranger.pid, startTime: '1' }
  await claimSession(store, id(1), reused, lives)
  expect(ownerPid()).toBe(stranger.pid)
  expect(await claimSession(store, id(1), thisProcess(), lives)).toBeUndefined()
  expect(getSession(store, id(1))?.owner).toEqual(thisProcess())
})

test('a frozen process keeps its conversation', async () => {
  const first = home.start('claim', id(1))
  await until(() => first.lines.length === 1)
  first.process.kill('SIGSTOP')
  await until(() => livenessOf({ pid: first.pid, startTime: String(startOf()) }) === 'frozen')
  expect(await claimSession(store, id(1), thisProcess(), lives)).toMatchObject({ pid: first.pid })
})

test('the owner may claim again, and only the owner gives back', async () => {
  const mine = thisProcess()
  const other = { pid: mine.pid, startTime: '1' }
  expect(await claimSession(store, id(1), mine, lives)).toBeUndefined()
  expect(await claimSession(store, id(1), mine, lives)).toBeUndefined()
  await releaseSession(store, id(1), other)
  expect(ownerPid()).toBe(mine.pid)
  await releaseSession(store, id(1), mine)
  expect(ownerPid()).toBeUndefined()
})

function startOf(): string | undefined {
  return getSession(store, id(1))?.owner?.startTime
}
