import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllersIn, workersHeld } from '../controller/program.ts'
import { entry, type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'hello'])
  await lab.q(['mux', 'new', 'two', '--background'])
  await until(() => lab.corner() === '[one]')
  await until(() => workersHeld(lab) === 3)
})
afterEach(() => lab.dispose())

async function placeOf(name: string): Promise<{ id: string; pane: string; window: string }> {
  const found = (await lab.list()).sessions.find((session) => session.name === name)
  if (!found?.pane || !found.window) throw new Error(`${name} has no pane`)
  return { id: found.id, pane: found.pane, window: found.window }
}

/** The panes that carry a session's id, in whatever session; each window once. */
function panesOf(id: string): string[] {
  const lines = lab.tmux('list-panes', '-a', '-F', '#{@q_session} #{pane_id}').split('\n')
  return [...new Set(lines.filter((line) => line.startsWith(`${id} `)))]
}

const show = (target: string, format: string): string =>
  lab.tmux('display-message', '-p', '-t', target, format)

/** What a user did must neither double a session nor take it away, and stop ends everything. */
async function holds(): Promise<void> {
  for (const name of ['dev-1', 'one', 'two']) {
    const { id } = await placeOf(name)
    await lab.q(['mux', 'switch', name])
    expect(panesOf(id)).toHaveLength(1)
  }
  await lab.q(['mux', '--detach'])
  expect((await lab.list()).sessions.map(({ name }) => name).sort()).toEqual(['dev-1', 'one', 'two'])
  for (const name of ['dev-1', 'one', 'two']) expect(panesOf((await placeOf(name)).id)).toHaveLength(1)
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
  const stopped = await lab.q(['mux', 'stop'])
  expect(stopped).toMatchObject({ code: 0 })
  await until(() => processesOf(lab.home).filter((pid) => controllersIn([pid]).length > 0).length === 0)
  expect((await lab.list()).sessions.map(({ status }) => status)).toEqual(['Paused', 'Paused', 'Paused'])
}

test('the tmux session may be renamed: it is the same workspace', async () => {
  lab.tmux('rename-session', '-t', '=q', 'work')
  const again = await lab.q(['mux', '--detach'])
  expect(again.stdout + again.stderr).toContain('runs already')
  expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('work')
  await lab.q(['mux', 'send', 'two', 'hello'])
  await until(() => lab.corner('work') === '[one] [two]')
  await holds()
})

test.each([
  [
    'joined to another window',
    (pane: string, to: string) => lab.tmux('join-pane', '-d', '-s', pane, '-t', to),
  ],
  ['swapped with another', (pane: string, to: string) => lab.tmux('swap-pane', '-d', '-s', pane, '-t', to)],
])('a pane that was %s is still its session', async (_, move) => {
  const one = await placeOf('one')
  const two = await placeOf('two')
  move(one.pane, two.pane)
  await until(() => lab.corner() === '[one]')
  expect((await placeOf('one')).window).toBe(two.window)
  await lab.q(['mux', 'next'])
  expect(show('=q:', '#{pane_id}')).toBe(one.pane)
  await holds()
})

test('a joined pane that is broken out again is a window with its name and mark', async () => {
  const one = await placeOf('one')
  const two = await placeOf('two')
  lab.tmux('join-pane', '-d', '-s', one.pane, '-t', two.pane)
  await until(() => show(two.pane, '#{@q_holds}').includes(one.id))
  lab.tmux('break-pane', '-d', '-s', one.pane)
  await until(() => expect(show(one.pane, '#{window_name} #{@q_mark}')).toMatch(/^one .*●/))
  await until(() => expect(show(two.pane, '#{window_name} [#{@q_mark}]')).toBe('two []'))
  await holds()
})

test('a pane in a tmux session of the user’s own is gone to there, and stop ends it', async () => {
  const one = await placeOf('one')
  lab.tmux('new-session', '-d', '-s', 'mine', 'cat')
  lab.tmux('move-window', '-d', '-s', one.window, '-t', '=mine:7')
  await until(async () => (await placeOf('one')).pane === one.pane)
  await until(() => show('=q:', '#{@q_next}').endsWith(`:${one.window}.${one.pane}`))
  await lab.q(['mux', 'switch', 'one'])
  expect(show('=mine:', '#{window_id}')).toBe(one.window)
  await holds()
  expect(lab.tmux('list-windows', '-t', '=mine:')).not.toContain('one')
})

test('a linked window is one session, in both', async () => {
  const one = await placeOf('one')
  lab.tmux('new-session', '-d', '-s', 'mine', 'cat')
  lab.tmux('link-window', '-d', '-s', one.window, '-t', '=mine:7')
  await until(() => lab.corner() === '[one]')
  await holds()
})

test('a tmux session grouped with the workspace is the workspace too, corner and keys', async () => {
  lab.tmux('new-session', '-d', '-t', '=q', '-s', 'grouped')
  await until(() => lab.corner('grouped') === '[one]')
  expect(show('=grouped:', '#{@q_workspace}')).toBe('q')
  await lab.q(['mux', 'send', 'two', 'hello'])
  await until(() => lab.corner('grouped') === '[one] [two]')
  await holds()
  expect(() => lab.tmux('has-session', '-t', '=grouped')).toThrow()
})

test('of a group, the workspace outlives the session that it was started as', async () => {
  lab.tmux('new-session', '-d', '-t', '=q', '-s', 'grouped')
  await until(() => lab.corner('grouped') === '[one]')
  lab.tmux('kill-session', '-t', '=q')
  await lab.q(['mux', 'send', 'two', 'hello'])
  await until(() => lab.corner('grouped') === '[one] [two]')
  await holds()
})

test('a zoomed pane hides the others of its window, which are then in the corner', async () => {
  const one = await placeOf('one')
  const two = await placeOf('two')
  lab.tmux('join-pane', '-s', one.pane, '-t', two.pane)
  const terminal = lab.terminal(['mux'], { columns: 120, rows: 30 })
  await until(() => terminal.screen() !== '' && lab.corner() === '[one]')
  await lab.q(['mux', 'switch', 'two'])
  await until(() => lab.corner() === '')
  lab.tmux('resize-pane', '-Z', '-t', two.pane)
  await until(() => lab.corner() === '[one]')
  lab.tmux('resize-pane', '-Z', '-t', two.pane)
  await until(() => lab.corner() === '')
})

test('a caller without XDG_RUNTIME_DIR finds the workspace that has one', async () => {
  const env = { XDG_RUNTIME_DIR: undefined, XDG_DATA_HOME: `${lab.home}/elsewhere` }
  const again = await lab.q(['mux', '--detach'], { env })
  expect(again.stdout + again.stderr).toContain('runs already: 3 sessions')
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
  await lab.q(['mux', 'send', 'two', 'hello'], { env })
  await until(() => lab.corner() === '[one] [two]')
})

test('a relative socket is one place, wherever later calls come from', async () => {
  mkdirSync(`${lab.home}/deep`)
  const words = (socket: string, ...verb: string[]): string[] => [
    'mux',
    '--workspace',
    'z',
    '--socket',
    socket,
    ...verb,
  ]
  expect(await lab.q(words('./s', '--detach'), { cwd: lab.home })).toMatchObject({ code: 0 })
  const listed = await lab.q(words('../s', 'list', '--json'), { cwd: `${lab.home}/deep` })
  expect(JSON.parse(listed.stdout)).toMatchObject({ running: true })
  expect(await lab.q(words('../s', 'stop'), { cwd: `${lab.home}/deep` })).toMatchObject({ code: 0 })
})

test('from a directory that was deleted, what needs none works and the rest says what is missing', async () => {
  const run = (words: string): string =>
    execFileSync(
      'sh',
      [
        '-c',
        `mkdir gone && cd gone && rmdir ../gone && "$0" "$1" ${words} 2>&1 || true`,
        process.execPath,
        entry,
      ],
      {
        cwd: lab.home,
        env: lab.env,
        encoding: 'utf8',
      },
    )
  expect(run('mux --detach')).toContain('runs already')
  expect(run('mux list')).toContain('dev-1')
  expect(run('mux new -b')).toContain('the directory that you are in is gone')
})
