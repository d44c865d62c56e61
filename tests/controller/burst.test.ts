import { mkdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPusher } from '../../src/controller/pusher.ts'
import { writeStatus } from '../../src/status/status-files.ts'
import type { Command } from '../../src/tmux/door.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { controllerOf, startProgram, startTimeOf, workersHeld } from './program.ts'
import { stateOf, waiting } from './states.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
  lab.config('[ui]\nmax_indicator_sessions = 9\n')
})
afterEach(() => lab.dispose())

test('after 2,000 changes by a hundred writers in two seconds the corner is exact', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const pid = process.pid
  const startTime = startTimeOf(pid)
  const writer = (n: number, waits: boolean): void =>
    writeStatus(
      lab.statusDir,
      waiting(n, { pid, startTime, ...(waits ? {} : { state: 'processing', waitingFor: null }) }),
    )
  for (let round = 0; round < 20; round += 1) {
    for (let n = 1; n <= 100; n += 1) writer(n, (n + round) % 2 === 0)
    await sleep(100)
  }
  for (let n = 1; n <= 100; n += 1) writer(n, n % 30 === 0)
  await until(() => lab.corner() === '[s30] [s60] [s90]')
})

test('a controller that was stopped while the kernel forgot changes still ends with the exact corner', {
  timeout: 180_000,
}, async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const busy = startProgram(lab, 1)
  const quiet = startProgram(lab, 2)
  await until(() => lab.corner() === '[s1] [s2]')
  const { pid } = controllerOf(lab)
  process.kill(pid, 'SIGSTOP')
  for (let n = 0; n < 5000; n += 1) busy.says({ detail: String(n) })
  quiet.says({ state: 'processing', waitingFor: null })
  process.kill(pid, 'SIGCONT')
  await until(() => lab.corner() === '[s1]')
})

test('however many states come, tmux is told at most once in 20 ms, and the newest in the end', async () => {
  const flushes: Command[][] = []
  let open = false
  const pusher = createPusher(
    () => ({ max: 5, lines: 0 }),
    () => {},
  )
  pusher.reset({
    async run(...commands) {
      if (!open) {
        flushes.push([])
        setImmediate(() => {
          open = false
        })
      }
      open = true
      flushes.at(-1)?.push(...commands)
      return ''
    },
  })
  const start = performance.now()
  let n = 0
  for (; performance.now() - start < 300; n += 1) {
    pusher.show(stateOf([waiting(n)]))
    if (n % 50 === 0) await new Promise(setImmediate)
  }
  const newest = `[s${n - 1}]`
  await until(() => flushes.at(-1)?.some((command) => command.some((word) => word.includes(newest))))
  expect(flushes.length).toBeGreaterThan(1)
  expect(flushes.length).toBeLessThanOrEqual((performance.now() - start) / 20 + 1)
  pusher.close()
})

test('when the status directory is swept away, workers report again and the corner is right', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'hello'])
  await until(() => lab.corner() === '[second]')
  await until(() => workersHeld(lab) === 2)
  const { pid } = controllerOf(lab)
  rmSync(lab.statusDir, { recursive: true, maxRetries: 20, retryDelay: 5 })
  mkdirSync(lab.statusDir, { mode: 0o700, recursive: true })
  startProgram(lab, 1)
  await until(() => lab.corner() === '[s1] [second]')
  expect(controllerOf(lab).pid).toBe(pid)
})

test('when the whole runtime directory is swept away, there is one controller again and the corner is right', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'hello'])
  await until(() => lab.corner() === '[second]')
  await until(() => workersHeld(lab) === 2)
  rmSync(lab.runtimeDir, { recursive: true, maxRetries: 20, retryDelay: 5 })
  await until(() => controllerOf(lab).pid)
  startProgram(lab, 1)
  await until(() => lab.corner() === '[s1] [second]')
  expect(await lab.list()).toMatchObject({ controller: { pid: controllerOf(lab).pid } })
})
