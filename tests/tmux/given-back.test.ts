import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllerOf, processState, workersHeld } from '../controller/program.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { serverState, startUserServer } from './user.ts'

let lab: Lab
let before: string
beforeEach(async () => {
  lab = openLab()
  startUserServer(lab)
  await until(() => lab.tmux('list-clients') !== '')
  before = serverState(lab)
  expect(before).toContain('from-the-user')
})
afterEach(() => lab.dispose())

const key = (name: string): string =>
  lab
    .tmux('list-keys', '-T', 'prefix')
    .split('\n')
    .find((line) => line.split(/\s+/)[3] === name || line.split(/\s+/)[4] === name) ?? ''

async function start(...flags: string[]): Promise<void> {
  const started = await lab.q(['mux', '--detach', ...flags])
  expect(started).toMatchObject({ code: 0 })
  expect(key('a')).toContain('@q_workspace')
}

test('while the workspace runs, no global option is another and only its four keys are', async () => {
  await start()
  await until(() => workersHeld(lab) === 1)
  const strip = (state: string): string[] =>
    state.split('\n').filter((line) => !/^bind-key\s+(-r\s+)?-T prefix\s+[aASN] |^C-b [aASN] /.test(line))
  expect(strip(serverState(lab))).toEqual(strip(before))
})

test('q mux stop gives everything back to the byte', async () => {
  await start()
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  expect(serverState(lab)).toBe(before)
})

test('also when the controller was killed before', async () => {
  await start()
  await until(() => workersHeld(lab) === 1)
  const { pid } = controllerOf(lab)
  process.kill(pid, 'SIGKILL')
  await lab.q(['mux', 'stop'])
  expect(serverState(lab)).toBe(before)
})

test('also when the session is killed without a stop', async () => {
  await start()
  await until(() => workersHeld(lab) === 1)
  const { pid } = controllerOf(lab)
  lab.tmux('kill-session', '-t', '=q')
  await until(() => processState(pid) === undefined)
  expect(serverState(lab)).toBe(before)
})

test('also after q mux was called again and again', async () => {
  for (let round = 0; round < 3; round += 1) await start()
  await lab.q(['mux', 'stop'])
  expect(serverState(lab)).toBe(before)
})

test('two workspaces share the keys, and the last one to stop gives them back', async () => {
  await start()
  await start('--workspace', 'work')
  await lab.q(['mux', 'stop'])
  expect(key('a')).toContain('@q_workspace')
  await lab.q(['mux', 'stop', '--workspace', 'work'])
  expect(serverState(lab)).toBe(before)
})

test('two workspaces that start at once give the keys back too', async () => {
  await Promise.all([
    lab.q(['mux', '--detach']),
    lab.q(['mux', '--detach', '--workspace', 'work']),
    lab.q(['mux', '--detach', '--workspace', 'third']),
  ])
  expect(key('a')).toContain('@q_workspace')
  await lab.q(['mux', 'stop', '--workspace', 'third'])
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', 'stop', '--workspace', 'work'])
  expect(serverState(lab)).toBe(before)
})

test('keys that the user bound anew meanwhile stay as the user has them now', async () => {
  await start()
  lab.tmux('bind-key', 'a', 'display-message', 'newer')
  await lab.q(['mux', 'stop'])
  expect(key('a')).toMatch(/display-message newer$/)
  lab.tmux('source-file', `${lab.home}/.tmux.conf`)
  expect(serverState(lab)).toBe(before)
})

test('after the user loaded their configuration again, q mux binds the keys anew and gives them back', async () => {
  await start()
  // In one go: the controller takes them again as soon as it looks.
  const bound = lab.tmux('source-file', `${lab.home}/.tmux.conf`, ';', 'list-keys', '-T', 'prefix', 'a')
  expect(bound).not.toContain('@q_workspace')
  await start()
  await lab.q(['mux', 'stop'])
  expect(serverState(lab)).toBe(before)
})

test('other keys are taken after the configuration changed, and the former ones given back at once', async () => {
  await start()
  lab.config('[keys]\nnext_waiting = "C-n"\npick = ""\n')
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  expect(key('C-n')).toContain('@q_next')
  expect(key('a')).toMatch(/user's own a"$/)
  expect(key('S')).not.toContain('@q_workspace')
  expect(key('A')).toContain('@q_workspace')
  await lab.q(['mux', 'stop'])
  expect(serverState(lab)).toBe(before)
})

test('a key whose binding tmux cannot read back is left alone', async () => {
  lab.tmux('bind-key', 'N', 'send-keys', '-l', '--', '-x')
  const mine = key('N')
  await start()
  expect(key('N')).toBe(mine)
  await lab.q(['mux', 'stop'])
  expect(key('N')).toBe(mine)
})
