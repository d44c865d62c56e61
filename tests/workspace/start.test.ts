import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('q mux --detach starts a workspace with one session whose prompt is up', async () => {
  const started = await lab.q(['mux', '--detach'])
  expect(started).toMatchObject({ code: 0, stdout: '' })
  expect(started.stderr).toContain('workspace q runs: 1 session')
  await until(() => lab.screen().includes('[dev-1] q>'))
  expect(await lab.list()).toMatchObject({
    running: true,
    sessions: [{ name: 'dev-1', type: 'Development', messages: 0 }],
  })
})

test('a session that was answered waits in the corner until it is answered, not until it is looked at', async () => {
  await lab.q(['mux', '--detach'])
  const screen = lab.terminal()
  await lab.q(['mux', 'new', 'second', '--background'])
  await lab.q(['mux', 'send', 'second', 'hello'])
  await until(() => lab.corner() === '[second]')
  await until(() => screen.screen().includes('[second] '))
  screen.keys('C-b', 'a')
  await until(() => screen.screen().includes('[second] q>'))
  await until(() => lab.corner() === '')
  screen.keys('C-b', 'A')
  await until(() => lab.corner() === '[second]')
})
