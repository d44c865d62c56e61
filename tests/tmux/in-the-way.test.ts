import { afterEach, beforeEach, expect, test } from 'vitest'
import { workersHeld } from '../controller/program.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const names = (session: string): string[] =>
  lab.tmux('list-windows', '-t', `=${session}`, '-F', '#{window_name}').split('\n')
const sessions = (): string[] => lab.tmux('list-sessions', '-F', '#{session_name}').split('\n')
const shells = (): string[] =>
  lab.tmux('list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{pane_start_command}').split('\n')

/** A workspace that ran, and what tmux-resurrect makes of it at the next start of tmux: shells under its names. */
async function restoredByPlugin(): Promise<void> {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'hello'])
  await until(() => lab.corner() === '[one]')
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'q', '-n', 'dev-1', 'cat')
  lab.tmux('new-window', '-t', '=q:', '-n', 'one', 'cat')
}

test('what a plugin restored under the name of the workspace is recognised, and only what would start it is refused', async () => {
  await restoredByPlugin()
  for (const words of [
    ['--detach'],
    ['new', 'x', '--background'],
    ['switch', 'one'],
    ['open', 'one', '-b'],
  ]) {
    const refused = await lab.q(['mux', ...words])
    expect(refused, words.join(' ')).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('windows of the names of your sessions (dev-1, one)')
    expect(refused.stderr).toContain('q mux --take-over')
  }
  const { running, sessions } = await lab.list()
  expect([running, ...sessions.map(({ name, status }) => `${name} ${status}`)]).toEqual([
    false,
    'dev-1 Paused',
    'one Paused',
  ])
  expect((await lab.q(['mux', 'status'])).stdout).toContain('workspace q does not run')
  expect((await lab.q(['mux', 'send', 'one', 'more'])).stdout).toContain('kept')
  expect((await lab.q(['mux', 'rename', 'one', 'first'])).code).toBe(0)
  expect((await lab.q(['mux', 'doctor'])).stdout).toContain('q mux --take-over')
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  expect(names('q')).toEqual(['dev-1', 'one'])
})

test('q mux --take-over renames it, ends nothing in it and starts the workspace', async () => {
  await restoredByPlugin()
  const before = shells()
  const started = await lab.q(['mux', '--detach', '--take-over'])
  expect(started).toMatchObject({ code: 0 })
  expect(started.stderr).toContain('called "q-restored" now')
  expect(sessions().sort()).toEqual(['q', 'q-restored'])
  expect(names('q')).toEqual(['dev-1', 'one'])
  expect(shells()).toEqual(expect.arrayContaining(before))
  await until(() => lab.corner() === '[one]')
  // The second time there is nothing to take over.
  expect((await lab.q(['mux', '--detach', '--take-over'])).stderr).toContain('runs already')
  expect(sessions().sort()).toEqual(['q', 'q-restored'])

  await lab.q(['mux', 'stop'])
  lab.tmux('new-session', '-d', '-s', 'q', '-n', 'one', 'cat')
  expect(await lab.q(['mux', '--detach', '--take-over'])).toMatchObject({ code: 0 })
  expect(sessions().sort()).toEqual(['q', 'q-restored', 'q-restored-2'])
})

test('on a terminal its place is offered: anything but yes changes nothing', async () => {
  await restoredByPlugin()
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('Take its place? [y/N]'))
  terminal.type('')
  await until(() => terminal.screen().includes('q mux --take-over renames it'))
  expect(sessions()).toEqual(['q'])
  const other = lab.terminal()
  await until(() => other.screen().includes('Take its place? [y/N]'))
  other.type('y')
  await until(() => other.screen().includes('[one] q>'))
  expect(sessions().sort()).toEqual(['q', 'q-restored'])
})

test('a tmux session of the user’s own is not asked about; it gives its name up where that is asked for', async () => {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'q', '-n', 'mail', 'cat')
  const terminal = lab.terminal()
  // A pane that dies may have scrolled what was said out of its screen.
  const said = () => terminal.tmux('capture-pane', '-p', '-J', '-S', '-')
  await until(() => said().includes('that q mux did not make'))
  expect(said()).not.toContain('Take its place?')
  expect(await lab.q(['mux', '--detach', '--take-over'])).toMatchObject({ code: 0 })
  expect(names('q-restored')).toEqual(['mail'])
  expect(names('q')).toEqual(['dev-1'])
})

test('a workspace whose name another one was renamed to starts under the next free name', async () => {
  await lab.q(['mux', '--detach'])
  lab.tmux('rename-session', '-t', '=q', 'work')
  const started = await lab.q(['mux', '--detach', '--workspace', 'work'])
  expect(started).toMatchObject({ code: 0 })
  expect(started.stderr).toContain('tmux calls the workspace work "work-2"')
  expect(lab.tmux('list-sessions', '-F', '#{session_name} #{@q_workspace}').split('\n').sort()).toEqual([
    'work q',
    'work-2 work',
  ])
  expect(await lab.q(['mux', 'new', 'other', '-b', '--workspace', 'work'])).toMatchObject({ code: 0 })
  expect(names('work')).toEqual(['dev-1'])
  expect(names('work-2')).toEqual(['dev-1', 'other'])
  expect((await lab.q(['mux', '--detach', '--take-over', '--workspace', 'work'])).stderr).toContain('already')
  expect(await lab.q(['mux', 'stop', '--workspace', 'work'])).toMatchObject({ code: 0 })
  expect(sessions()).toEqual(['work'])
  await until(() => workersHeld(lab) === 1)
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
})

test('without tmux, sessions are listed and prompts are kept', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'stop'])
  const env = { PATH: lab.home }
  expect(await lab.q(['mux', 'list'], { env })).toMatchObject({ code: 0 })
  const { running, sessions } = JSON.parse((await lab.q(['mux', 'list', '--json'], { env })).stdout)
  expect([running, sessions.length]).toEqual([null, 1])
  expect((await lab.q(['mux', 'status'], { env })).stdout).toContain('which is unknown')
  expect(await lab.q(['mux', 'send', 'dev-1', 'hello'], { env })).toMatchObject({ code: 0 })
  expect((await lab.q(['mux', '--detach'], { env })).stderr).toContain('tmux is not installed')
})
