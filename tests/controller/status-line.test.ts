import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { startUserServer } from '../tmux/user.ts'
import { startProgram, workersHeld } from './program.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  startUserServer(lab)
  await until(() => lab.tmux('list-clients') !== '')
})
afterEach(() => lab.dispose())

async function start(ui = ''): Promise<Terminal> {
  lab.config(`[ui]\n${ui}\n`)
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const terminal = lab.terminal(['mux'], { columns: 120, rows: 20 })
  await until(() => terminal.screen().includes('[dev-1] q>'))
  return terminal
}

const rows = (terminal: Terminal): string[] => terminal.screen().split('\n')

/** The last row that shows anything, of a pane that tmux captures without its empty end. */
const lastRow = (terminal: Terminal): string => rows(terminal).at(-1) ?? ''

test("the user's own status-right stays and works behind the corner, its commands and formats included", async () => {
  const terminal = await start()
  startProgram(lab, 1)
  await until(() => /\[s1\] from-the-user q-\d\d/.test(rows(terminal)[0] ?? ''))
})

test.each([
  ['top-right', 0, /<q>.*\[s1\] from-the-user/],
  ['top-left', 0, /^\[s1\] <q>.*from-the-user/],
  ['bottom-right', -1, /<q>.*\[s1\] from-the-user/],
  ['bottom-left', -1, /^\[s1\] <q>.*from-the-user/],
])('at %s the corner stands where it says', async (position, row, expected) => {
  const terminal = await start(`indicator_position = "${position}"`)
  startProgram(lab, 1)
  await until(() => expected.test(row === 0 ? (rows(terminal)[0] ?? '') : lastRow(terminal)))
})

test('stacked, each waiting session has a line of its own and the number of lines stays', async () => {
  const terminal = await start('indicator_layout = "stacked"\nmax_indicator_sessions = 3')
  const height = (): string => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_height}')
  const before = height()
  for (const n of [1, 2, 3, 4, 5]) startProgram(lab, n, { waitingFor: n === 2 ? 'approval' : 'input' })
  await until(() =>
    expect(
      rows(terminal)
        .slice(1, 4)
        .map((row) => row.trim()),
    ).toEqual(['[s2!]', '[s1]', '[s3] +2 more']),
  )
  await until(() => rows(terminal)[0]?.includes('from-the-user'))
  expect(height()).toBe(before)
})

test("with the corner switched off the status line is the user's own", async () => {
  const terminal = await start('show_session_indicator = false')
  const window = lab.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '-t', '=q:', 'cat')
  startProgram(lab, 1, { window })
  await until(() => lab.tmux('show-options', '-qv', '-t', '=q:', '@q_next') === window)
  expect(lab.corner()).toBe('')
  expect(lab.tmux('show-options', '-t', '=q:')).not.toContain('status-right')
  expect(terminal.screen()).not.toContain('[s1]')
})

test('no session but the workspace has any of its options', async () => {
  await start()
  startProgram(lab, 1)
  await until(() => lab.corner() === '[s1]')
  for (const words of [['-g'], ['-s'], ['-gw'], ['-t', '=mine:'], ['-w', '-t', '=mine:']])
    expect(lab.tmux('show-options', ...words)).not.toMatch(/@q_|q_waiting/)
})

test("a window's tab is the session's name with a mark for what it does", async () => {
  const terminal = await start()
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'hello'])
  await until(() => /1:dev-1\* +2:second.? ●/.test(rows(terminal)[0] ?? ''))
})

test("a second line of the user's own stays, and one that a theme sets later comes", async () => {
  lab.tmux('set-option', '-g', 'status', '2')
  lab.tmux('set-option', '-g', 'status-format[1]', 'the second line')
  const terminal = await start()
  startProgram(lab, 1)
  await until(() => rows(terminal)[0]?.includes('[s1] from-the-user'))
  await until(() => rows(terminal)[1]?.includes('the second line'))
  lab.tmux('set-option', '-g', 'status-right', 'a theme of later')
  lab.tmux('set-option', '-gw', 'window-status-current-format', '<<#W>>')
  terminal.keys('C-b', 'c')
  await until(() => rows(terminal)[0]?.includes('[s1] a theme of later'))
  terminal.keys('C-b', 'l')
  await until(() => rows(terminal)[0]?.includes('<<dev-1>>'))
})

test('keys that the user binds anew by loading their configuration again are ours in the workspace again', async () => {
  const terminal = await start()
  // One key alone is not printed by tmux 3.7.
  const keys = (): string => lab.tmux('list-keys', '-T', 'prefix')
  lab.tmux('source-file', `${lab.home}/.tmux.conf`)
  expect(keys()).not.toContain('@q_workspace')
  terminal.keys('C-b', 'c')
  await until(() => keys().includes('@q_workspace'))
  await lab.q(['mux', 'stop'])
  expect(keys()).toContain("user's own a")
})

test('stacked, the lines come below those of the user', async () => {
  lab.tmux('set-option', '-g', 'status', '2')
  lab.tmux('set-option', '-g', 'status-format[1]', 'the second line')
  const terminal = await start('indicator_layout = "stacked"')
  startProgram(lab, 1)
  await until(() => rows(terminal)[1]?.includes('the second line'))
  await until(() => rows(terminal)[2]?.trim() === '[s1]')
})
