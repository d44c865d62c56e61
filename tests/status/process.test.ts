import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProcessId } from '../../src/domain/session.ts'
import { livenessOf, thisProcess } from '../../src/status/process.ts'
import { type Child, startProgram } from '../support/child.ts'
import { until } from '../support/until.ts'
import { openPlace, type Place } from './harness.ts'

let place: Place
beforeEach(() => {
  place = openPlace()
})
afterEach(() => place.dispose())

async function another(): Promise<{ child: Child; identity: ProcessId }> {
  const child = place.start('wait')
  const identity: ProcessId = JSON.parse(await until(() => child.lines[0]))
  expect(identity.pid).toBe(child.pid)
  return { child, identity }
}

/** The kernel's letter for a process and when it started, from the end of the line, where no name stands. */
function kernelSays(pid: number): { state: string | undefined; startTime: string } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return { state: fields[0], startTime: fields[19] ?? '' }
}

test('this process is alive, and says of itself the same each time', () => {
  expect(thisProcess()).toEqual({ pid: process.pid, startTime: expect.stringMatching(/\S/) })
  expect(thisProcess()).toEqual(thisProcess())
  expect(livenessOf(thisProcess())).toBe('alive')
})

test('another process is alive, frozen by SIGSTOP, alive again, and gone when it is killed', async () => {
  const { child, identity } = await another()
  expect(livenessOf(identity)).toBe('alive')
  child.process.kill('SIGSTOP')
  await until(() => livenessOf(identity) === 'frozen')
  child.process.kill('SIGCONT')
  await until(() => livenessOf(identity) === 'alive')
  await child.kill('SIGKILL')
  expect(livenessOf(identity)).toBe('gone')
})

test('a frozen process that is killed is gone', async () => {
  const { child, identity } = await another()
  child.process.kill('SIGSTOP')
  await until(() => livenessOf(identity) === 'frozen')
  await child.kill('SIGKILL')
  expect(livenessOf(identity)).toBe('gone')
})

test('a process with the same pid that started at another time is not the one that was recorded', async () => {
  const { identity } = await another()
  for (const startTime of ['', '0', 'unknown', `${identity.startTime}0`, ` ${identity.startTime}`])
    expect(livenessOf({ pid: identity.pid, startTime }), startTime).toBe('gone')
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 22 + 1, 2 ** 60])('the pid %d is nobody', (pid) => {
  expect(livenessOf({ pid, startTime: '1' })).toBe('gone')
})

test.runIf(process.platform === 'linux')('a zombie is gone', async () => {
  const { child } = await another()
  const script = 'sleep 0 & echo $!; exec sleep 1000'
  const parent = startProgram('/bin/sh', ['-c', script])
  const pid = Number(await until(() => parent.lines[0]))
  await until(() => kernelSays(pid).state === 'Z')
  expect(livenessOf({ pid, startTime: kernelSays(pid).startTime })).toBe('gone')
  expect(livenessOf({ pid: child.pid, startTime: kernelSays(child.pid).startTime })).toBe('alive')
})

test.runIf(process.platform === 'linux')(
  'a program whose name looks like the end of its line is read rightly',
  async () => {
    const name = join(place.directory, 'a) Z 1 (b')
    symlinkSync('/bin/sleep', name)
    const parent = startProgram('/bin/sh', ['-c', `echo $$; exec '${name}' 1000`])
    const pid = Number(await until(() => parent.lines[0]))
    await until(() => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('a) Z'))
    expect(livenessOf({ pid, startTime: kernelSays(pid).startTime })).toBe('alive')
  },
)
