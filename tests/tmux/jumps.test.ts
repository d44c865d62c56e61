import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Program, startProgram, workersHeld } from '../controller/program.ts'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { startUserServer } from './user.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  startUserServer(lab)
  await until(() => lab.tmux('list-clients') !== '')
})
afterEach(() => lab.dispose())

/** The workspace on a terminal, and `count` programs in windows `s1`, `s2`, … of it that wait, the first one longest. */
async function start(count: number): Promise<{ terminal: Terminal; programs: Program[] }> {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  // Keys that a busy machine hands over within a millisecond would be pasted text to tmux.
  lab.tmux('set-option', '-t', '=q:', 'assume-paste-time', '0')
  const programs = Array.from({ length: count }, (_, index) => {
    const n = index + 1
    const name = `s${n}`
    const window = lab.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '-n', name, '-t', '=q:', 'cat')
    return startProgram(lab, n, { window })
  })
  const names = programs.map((_, index) => `[s${index + 1}]`)
  await until(() => lab.corner() === names.join(' '))
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  return { terminal, programs }
}

/** One press after the other. */
function press(terminal: Terminal, key: string, times: number): void {
  for (let time = 0; time < times; time += 1) terminal.keys('C-b', key)
}

const shown = (): string => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')
const arrives = (name: string): Promise<true> => until(() => shown() === name)

test('the key goes to the longest wait, then to the next longest, round and round', async () => {
  const { terminal } = await start(3)
  for (const name of ['s1', 's2', 's3', 's1']) {
    terminal.keys('C-b', 'a')
    await arrives(name)
  }
})

test('seven quick presses land where seven slow ones would', async () => {
  const { terminal } = await start(4)
  lab.tmux('set-hook', '-t', '=q:', 'after-select-window', 'set-option -a -t =q: @jumps x')
  press(terminal, 'a', 7)
  await until(() => lab.tmux('show-options', '-qv', '-t', '=q:', '@jumps') === 'xxxxxxx')
  expect(shown()).toBe('s3')
})

test('the other key goes back to where the jumps began, and there and back again', async () => {
  const { terminal } = await start(3)
  press(terminal, 'a', 2)
  await arrives('s2')
  terminal.keys('C-b', 'A')
  await arrives('dev-1')
  terminal.keys('C-b', 'A')
  await arrives('s2')
  terminal.keys('C-b', 'A')
  await arrives('dev-1')
})

test('from a window that does not wait, the jump begins at the longest wait again', async () => {
  const { terminal, programs } = await start(3)
  press(terminal, 'a', 2)
  await arrives('s2')
  programs[1]?.says({ state: 'processing', waitingFor: null })
  // The corner says the same before: what is displayed is not in it. The way to go on from here is gone with the wait.
  await until(() => lab.tmux('show-options', '-wqv', '-t', '=q:', '@q_next') === '')
  terminal.keys('C-b', 'a')
  await arrives('s1')
})

test('when nobody waits, the key says so and stays where it is', async () => {
  const { terminal } = await start(0)
  terminal.keys('C-b', 'a')
  await until(() => terminal.screen().includes('q mux: no session waits for you'))
  expect(shown()).toBe('dev-1')
})

test('in another session of the server, the keys do what the user has there', async () => {
  await start(1)
  const own = lab.terminal(['mux'])
  await until(() => own.screen().includes('[dev-1] q>'))
  lab.tmux('set-option', '-t', '=mine:', 'destroy-unattached', 'off')
  own.keys('C-b', ':')
  own.type('switch-client -t =mine:')
  await until(() => own.screen().includes('<mine>'))
  own.keys('C-b', 'a')
  await until(() => own.screen().includes("user's own a"))
  own.keys('C-b', 'N')
  await until(() => lab.tmux('list-windows', '-t', '=mine:').split('\n').length === 2)
  expect(shown()).toBe('dev-1')
})

test('the picker opens over the workspace, and the other key makes a new session', async () => {
  const { terminal } = await start(0)
  terminal.keys('C-b', 'S')
  await until(() => /[│┌─]/.test(terminal.screen()))
  terminal.keys('Escape')
  await until(() => !/[│┌─]/.test(terminal.screen()))
  terminal.keys('C-b', 'N')
  await until(async () => (await lab.list()).sessions.length === 2)
  await arrives('dev-2')
})

test('other keys may be configured, and an empty one is off', async () => {
  lab.config('[keys]\nnext_waiting = "C-n"\nback = ""\n')
  const { terminal } = await start(2)
  press(terminal, 'C-n', 2)
  await arrives('s2')
  terminal.keys('C-b', 'a')
  await until(() => terminal.screen().includes("user's own a"))
  expect(lab.tmux('list-keys', '-T', 'prefix')).not.toContain('q_back}')
})
