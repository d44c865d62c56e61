import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { workersHeld } from './program.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'hello'])
  await until(() => lab.corner() === '[second]')
  await until(() => workersHeld(lab) === 2)
})
afterEach(() => lab.dispose())

async function second(called = 'second'): Promise<SessionView> {
  const found = (await lab.list()).sessions.find(({ name }) => name === called)
  if (!found?.window) throw new Error('second has no window')
  return found
}

const windowName = (id: string): string => lab.tmux('display-message', '-p', '-t', id, '#{window_name}')

test('a window that the user renamed, moved and swapped is still the one to jump to', async () => {
  const { window } = await second()
  const id = window ?? ''
  lab.tmux('rename-window', '-t', id, 'Something else!')
  lab.tmux('move-window', '-s', id, '-t', '=q:42')
  lab.tmux('swap-window', '-d', '-s', id, '-t', '=q:0')
  expect((await second()).window).toBe(id)
  expect(lab.corner()).toBe('[second]')
  await lab.q(['mux', 'switch', 'second'])
  expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{window_id}')).toBe(id)
  const terminal = lab.terminal()
  await until(() => lab.corner() === '')
  terminal.keys('C-b', 'l')
  await until(() => lab.corner() === '[second]')
  terminal.keys('C-b', 'a')
  await until(() => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_id}') === id)
})

test("a window's new title is its session's name, where it can be one", async () => {
  const { window, id } = await second()
  lab.tmux('rename-window', '-t', window ?? '', 'Third one')
  await until(() => lab.corner() === '[third-one]')
  expect(windowName(window ?? '')).toBe('third-one')
  expect(await second('third-one')).toMatchObject({ id, nameSource: 'user' })
  await until(() => lab.screen(window ?? '').includes('[third-one] q>'))
})

test('a program that renames its window again and again changes the title only, and doctor says so', async () => {
  const { window } = await second()
  lab.tmux('rename-window', '-t', window ?? '', 'one')
  await until(() => lab.corner() === '[one]')
  for (const title of ['two', 'three']) {
    lab.tmux('rename-window', '-t', window ?? '', title)
    await until(() => lab.tmux('display-message', '-p', '-t', window ?? '', '#{@q_titled}') === '1')
  }
  expect(lab.corner()).toBe('[one]')
  expect((await lab.q(['mux', 'doctor'])).stdout).toMatch(/titles.*three/)
})

test('a window that the user split is still its worker', async () => {
  const { window, pid } = await second()
  lab.tmux('split-window', '-b', '-t', window ?? '', 'cat')
  process.kill(pid ?? 0, 'SIGKILL')
  const panes = (): string => lab.tmux('list-panes', '-t', window ?? '', '-F', '#{pane_start_command}')
  await until(() => panes().includes('--died'))
  expect(panes()).toContain('cat')
  expect(lab.tmux('list-panes', '-t', window ?? '').split('\n')).toHaveLength(2)
})

test('a window that the user closed pauses its session, takes it out of the corner, and q mux brings it back', async () => {
  const { window } = await second()
  lab.tmux('kill-window', '-t', window ?? '')
  await until(() => lab.corner() === '')
  await until(async () =>
    (await lab.list()).sessions.some(({ name, status }) => name === 'second' && status === 'Paused'),
  )
  await lab.q(['mux', '--detach'])
  await until(() => lab.corner() === '[second]')
  expect((await second()).window).not.toBe(window)
})

test.each([
  ['ESC k', '\\033kevil\\033\\\\'],
  ['OSC 2', '\\033]2;evil\\007'],
  ['OSC 0', '\\033]0;evil\\007'],
])('a title that a program in the pane sets by %s does not rename the window', async (_, sequence) => {
  lab.tmux('set-option', '-g', 'allow-rename', 'on')
  lab.tmux('set-option', '-g', 'automatic-rename', 'on')
  const { window } = await second()
  const id = window ?? ''
  lab.tmux('set-option', '-w', '-t', id, 'remain-on-exit', 'on')
  // By a command of the session's own: a pane in which another program was started is the user's.
  lab.type(id, `!printf '${sequence}'; echo pri''nted`)
  await until(() => lab.screen(id).includes('printed'))
  expect(windowName(id)).toBe('second')
})
