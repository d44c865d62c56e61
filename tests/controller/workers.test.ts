import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { controllerOf, processState, workersHeld, workersIn } from './program.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  await until(() => lab.screen().includes('[dev-1] q>'))
})
afterEach(() => lab.dispose())

async function session(): Promise<SessionView> {
  const [only, ...more] = (await lab.list()).sessions
  if (!only || more.length > 0) throw new Error('there is not exactly one session')
  return only
}

async function worker(): Promise<number> {
  const pid = (await session()).pid
  if (pid === null) throw new Error('there is no worker')
  return pid
}

test('a frozen worker is said to be frozen, with what to do, and gets no twin', async () => {
  // tmux lets its own children go on at once, so the worker to freeze is a child's child.
  const first = await worker()
  const argv = readFileSync(`/proc/${first}/cmdline`, 'utf8').split('\0').slice(0, -1)
  lab.tmux('respawn-pane', '-k', '-t', '=q:', '--', 'sh', '-c', '"$@"; true', 'sh', ...argv)
  await until(async () => ![null, first].includes((await session()).pid))
  const pid = await worker()
  const pane = lab.tmux('list-panes', '-s', '-t', '=q:', '-F', '#{pane_pid}')
  process.kill(pid, 'SIGSTOP')
  await until(() => processState(pid) === 'T')
  expect((await session()).detail).toContain(`kill -CONT ${pid}`)
  await lab.q(['mux', 'switch', 'dev-1'])
  await lab.q(['mux', '--detach'])
  expect(lab.tmux('list-panes', '-s', '-t', '=q:', '-F', '#{pane_pid}')).toBe(pane)
  expect(workersIn(processesOf(lab.home))).toEqual([pid])
  expect((await session()).pid).toBe(pid)
  process.kill(pid, 'SIGCONT')
  await until(async () => !(await session()).detail.includes('frozen'))
})

test('a killed worker is Paused with the reason, its window says so, and Enter there brings it back', async () => {
  const pid = await worker()
  process.kill(pid, 'SIGKILL')
  await until(() => lab.screen().includes('Press Enter to go on'))
  expect(lab.screen()).toContain("This session's worker ended unexpectedly while it was waiting")
  expect(await session()).toMatchObject({ status: 'Paused', pid: null })
  expect((await session()).detail).toContain('died')
  lab.keys('=q:', 'Enter')
  await until(async () => (await session()).pid !== null)
  await until(() => lab.screen().includes('[dev-1] q>'))
  expect(await worker()).not.toBe(pid)
})

test('q mux switch brings a killed worker back too', async () => {
  const pid = await worker()
  process.kill(pid, 'SIGKILL')
  await until(() => lab.screen().includes('Press Enter to go on'))
  expect(await lab.q(['mux', 'switch', 'dev-1'])).toMatchObject({ code: 0 })
  await until(async () => (await session()).pid !== null)
  expect(await worker()).not.toBe(pid)
  expect(lab.tmux('list-windows', '-t', '=q:', '-F', '#{window_name}')).toBe('dev-1')
})

test('a worker that is killed again and again is offered back each time', async () => {
  for (let round = 0; round < 2; round += 1) {
    const pid = await worker()
    await until(() => workersHeld(lab) === 1)
    process.kill(pid, 'SIGKILL')
    await until(() => lab.tmux('list-panes', '-t', '=q:', '-F', '#{pane_pid}') !== String(pid))
    await until(() => lab.screen().includes('Press Enter to go on'))
    lab.keys('=q:', 'Enter')
    await until(async () => ![null, pid].includes((await session()).pid))
  }
})

test('a worker that died together with the controller is found by the next controller', async () => {
  await lab.q(['mux', 'new', 'second', '--background'])
  await until(() => workersHeld(lab) === 2)
  const [first] = (await lab.list()).sessions
  process.kill(controllerOf(lab).pid, 'SIGKILL')
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await until(() => lab.screen(first?.window ?? '').includes('Press Enter to go on'))
})

test('a new controller leaves a window alone that says already that its worker died', async () => {
  await lab.q(['mux', 'new', 'second', '--background'])
  await until(() => workersHeld(lab) === 2)
  const [first] = (await lab.list()).sessions
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await until(() => lab.screen(first?.window ?? '').includes('Press Enter to go on'))
  const pane = (): string => lab.tmux('display-message', '-p', '-t', first?.window ?? '', '#{pane_pid}')
  const before = pane()
  const { pid } = controllerOf(lab)
  process.kill(pid, 'SIGKILL')
  await until(() => controllerOf(lab).pid !== pid && workersHeld(lab) === 1)
  process.kill((await lab.list()).sessions[1]?.pid ?? 0, 'SIGKILL')
  await until(() => lab.screen('=q:second').includes('Press Enter to go on'))
  expect(pane()).toBe(before)
})
