import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllersIn, workersHeld, workersIn } from '../controller/program.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'hello'])
  await lab.q(['mux', 'new', 'two', '--background'])
  await until(() => lab.corner() === '[one]')
  await until(() => workersHeld(lab) === 3)
  lab.tmux('new-session', '-d', '-s', 'mine', '-n', 'mail', 'cat')
})
afterEach(() => lab.dispose())

/** As the rows of docs/tmux.md have them: tmux's commands, each on the window or pane of `one`, one after the other. */
const rows: [string, string[][]][] = [
  [
    'split-window, kill-pane of the worker',
    [
      ['split-window', '-d', '-t', 'q:one', 'cat'],
      ['kill-pane', '-t', 'q:one.0'],
    ],
  ],
  ['kill-window', [['kill-window', '-t', 'q:one']]],
  ['respawn-pane -k', [['respawn-pane', '-k', '-t', 'q:one']]],
  ['respawn-pane -k with another program', [['respawn-pane', '-k', '-t', 'q:one', 'cat']]],
  ['respawn-window -k', [['respawn-window', '-k', '-t', 'q:one']]],
  ['new-window -k in its place', [['new-window', '-d', '-k', '-t', 'q:one', 'cat']]],
  ['link-window -k in its place', [['link-window', '-d', '-k', '-s', 'mine:mail', '-t', 'q:one']]],
  [
    'link-window, unlink-window',
    [
      ['link-window', '-d', '-s', 'q:one', '-t', 'mine:'],
      ['unlink-window', '-t', 'q:one'],
    ],
  ],
  ['unlink-window -k', [['unlink-window', '-k', '-t', 'q:one']]],
  ['swap-window', [['swap-window', '-d', '-s', 'q:one', '-t', 'mine:mail']]],
  ['swap-pane with one of the user’s', [['swap-pane', '-d', '-s', 'q:one', '-t', 'mine:mail']]],
  ['join-pane of one of the user’s', [['join-pane', '-d', '-s', 'mine:mail', '-t', 'q:one']]],
  [
    'move-pane, break-pane',
    [
      ['move-pane', '-d', '-s', 'q:one', '-t', 'q:two'],
      ['break-pane', '-d', '-s', 'q:two.1', '-t', 'mine:'],
    ],
  ],
  [
    'move-window -r',
    [
      ['move-window', '-s', 'q:one', '-t', 'q:9'],
      ['move-window', '-r', '-t', 'q:'],
    ],
  ],
  [
    'resize-pane -Z, select-layout',
    [
      ['split-window', '-d', '-t', 'q:one', 'cat'],
      ['select-layout', '-t', 'q:one', 'tiled'],
      ['resize-pane', '-Z', '-t', 'q:one'],
    ],
  ],
  [
    'remain-on-exit on',
    [
      ['set-option', '-p', '-t', 'q:one', 'remain-on-exit', 'on'],
      ['send-keys', '-t', 'q:one', '/quit', 'Enter'],
    ],
  ],
  ['pipe-pane', [['pipe-pane', '-t', 'q:one', 'cat > /dev/null']]],
  [
    'kill-session of the other',
    [
      ['link-window', '-d', '-s', 'q:one', '-t', 'mine:'],
      ['kill-session', '-t', 'mine'],
    ],
  ],
]

test.each(rows)('after %s every session is there once, answers, and stop ends all', async (_, commands) => {
  for (const words of commands) lab.tmux(...words)
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  for (const name of ['dev-1', 'one', 'two'])
    expect(await lab.q(['mux', 'switch', name])).toMatchObject({ code: 0 })
  const marked = lab.tmux('list-panes', '-a', '-F', '#{@q_session} #{pane_id}').split('\n')
  expect(new Set(marked.filter((line) => !line.startsWith(' '))).size).toBe(3)
  await until(() => workersHeld(lab) === 3)
  expect((await lab.q(['mux', 'send', 'one', 'again'])).stdout).toContain('accepted')
  await until(async () => (await lab.list()).sessions.find(({ name }) => name === 'one')?.turn === 2)
  await until(() => lab.corner().includes('[one]'))
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
  expect((await lab.list()).sessions.map(({ name }) => name).sort()).toEqual(['dev-1', 'one', 'two'])
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  await until(
    () => workersIn(processesOf(lab.home)).length + controllersIn(processesOf(lab.home)).length === 0,
  )
})
