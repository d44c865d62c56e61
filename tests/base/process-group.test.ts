import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { signalGroup } from '../../src/base/process-group.ts'
import { until } from '../support/until.ts'

let group: number | undefined
afterEach(() => void signalGroup(group, 'SIGKILL'))

test('a signal reaches all of a group, and it is said when nobody is there any more', async () => {
  const leader = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  group = leader.pid
  const [line] = await once(leader.stdout, 'data')
  expect(signalGroup(group, 0)).toBe(true)
  expect(signalGroup(group, 'SIGKILL')).toBe(true)
  await until(() => !signalGroup(group, 0))
  expect(() => process.kill(Number(String(line)), 0)).toThrow('ESRCH')
  expect(signalGroup(group, 'SIGTERM')).toBe(false)
})

test('a program that did not start has no group', () => {
  expect(signalGroup(undefined, 'SIGKILL')).toBe(false)
})
