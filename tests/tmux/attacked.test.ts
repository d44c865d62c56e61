import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllersIn, workersHeld, workersIn } from '../controller/program.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** The workspace with the sessions `dev-1` and `one`, which waits. */
async function start(): Promise<void> {
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  expect(await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'hello'])).toMatchObject({ code: 0 })
  await until(() => workersHeld(lab) === 2)
  await until(() => lab.corner() === '[one]')
}

async function placeOf(name: string): Promise<{ id: string; pane: string; window: string }> {
  const found = (await lab.list()).sessions.find((session) => session.name === name)
  if (!found?.pane || !found.window) throw new Error(`${name} has no pane`)
  return { id: found.id, pane: found.pane, window: found.window }
}

const show = (target: string, format: string): string =>
  lab.tmux('display-message', '-p', '-t', target, format)

/** Each session has one pane and one worker, there is one controller, and stop ends all of it. */
async function holds(sessions = ['dev-1', 'one']): Promise<void> {
  for (const name of sessions) expect(await lab.q(['mux', 'switch', name])).toMatchObject({ code: 0 })
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  expect((await lab.list()).sessions.map(({ name }) => name).sort()).toEqual([...sessions].sort())
  await until(() => workersHeld(lab) === sessions.length)
  expect(workersIn(processesOf(lab.home))).toHaveLength(sessions.length)
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  await until(() => controllersIn(processesOf(lab.home)).length === 0)
  expect(workersIn(processesOf(lab.home))).toEqual([])
}

test.each([['@q_session'], ['@q_pane'], ['@q_home'], ['@q_session @q_pane @q_home']])(
  'a pane that lost %s is still its session, and gets it again',
  async (options) => {
    await start()
    const { id, pane } = await placeOf('one')
    for (const option of options.split(' ')) lab.tmux('set-option', '-pu', '-t', pane, option)
    expect(await placeOf('one')).toMatchObject({ pane })
    lab.tmux('new-window', '-d', 'cat')
    await until(() => show(pane, '#{@q_session} #{@q_pane} #{@q_home}') === `${id} ${pane} q`)
    await holds()
  },
)

test.each([['@q_workspace'], ['@q_runtime'], ['@q_command'], ['@q_workspace @q_runtime @q_command']])(
  'a workspace that lost %s is still the workspace, and gets it again',
  async (options) => {
    await start()
    for (const option of options.split(' ')) lab.tmux('set-option', '-u', '-t', '=q:', option)
    lab.tmux('new-window', '-d', 'cat')
    await until(() => show('=q:', '#{@q_workspace}') === 'q')
    await until(() => show('=q:', '#{@q_runtime}') === lab.runtimeDir)
    await until(() => show('=q:', '#{@q_command}') !== '')
    await holds()
  },
)

test('a workspace without its first mark is found at once', async () => {
  await start()
  lab.tmux('set-option', '-u', '-t', '=q:', '@q_workspace')
  expect(await lab.q(['mux', 'switch', 'one'])).toMatchObject({ code: 0 })
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
})

test('marks that are set for everything make nothing ours', async () => {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
  await start()
  const { id, window } = await placeOf('one')
  lab.tmux('set-option', '-g', '@q_workspace', 'q')
  lab.tmux('set-option', '-w', '-t', window, '@q_session', id)
  lab.tmux('split-window', '-d', '-t', window, 'cat')
  await holds()
  expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine')
})

test('a pane that the user runs another program in is theirs; the session comes back in a window of its own', async () => {
  await start()
  const { pane } = await placeOf('one')
  lab.tmux('respawn-pane', '-k', '-t', pane, 'cat')
  lab.tmux('new-window', '-d', 'cat')
  await until(() => show(pane, '[#{@q_session}#{@q_home}]') === '[]')
  expect(await lab.q(['mux', 'switch', 'one'])).toMatchObject({ code: 0 })
  expect(show(pane, '#{pane_start_command}')).toBe('cat')
  expect((await placeOf('one')).pane).not.toBe(pane)
  await holds()
})

test('a pane that sleeps and was given another program is the user’s, too', async () => {
  lab.config('[sessions]\nmax_active_sessions = 50')
  await lab.q(['mux', '--detach'])
  for (let n = 0; n < 11; n += 1) await lab.q(['mux', 'new', `s${n}`, '-b'])
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  const asleep = await until(async () => (await lab.list()).sessions.find((session) => session.asleep))
  lab.tmux('respawn-pane', '-k', '-t', asleep.pane ?? '', 'cat')
  expect(await lab.q(['mux', 'switch', asleep.name])).toMatchObject({ code: 0 })
  expect(show(asleep.pane ?? '', '#{pane_start_command}')).toBe('cat')
})

test('a pane that copies the command line of another is no second one of its session', async () => {
  await start()
  const { pane } = await placeOf('one')
  const command = show(pane, '#{pane_start_command}')
  lab.tmux('split-window', '-bd', '-t', pane, command)
  await until(() => lab.corner() === '[one]')
  expect(await placeOf('one')).toMatchObject({ pane })
})

test('a window that two workspaces show keeps the title and mark of the one whose session it holds', async () => {
  await start()
  expect(await lab.q(['mux', '--workspace', 'b', '--detach'])).toMatchObject({ code: 0 })
  await until(() => workersHeld(lab) === 2)
  const { window, pane, id } = await placeOf('one')
  lab.tmux('link-window', '-d', '-s', window, '-t', '=b:')
  expect(await lab.q(['mux', '--workspace', 'b', 'new', 'other', '-b'])).toMatchObject({ code: 0 })
  await until(() => lab.tmux('list-windows', '-t', '=b:', '-F', '#{window_name}').includes('other'))
  expect(show(pane, '#{window_name} #{@q_holds}')).toBe(`one ${id}`)
  expect(show(pane, '#{@q_mark}')).toContain('●')
  expect(await lab.q(['mux', '--workspace', 'b', 'stop'])).toMatchObject({ code: 0 })
  await holds()
})

test('a window of the user’s own that a session was joined to keeps its title, and nothing of ours after stop', async () => {
  await start()
  lab.tmux('new-session', '-d', '-s', 'mine', '-n', 'work', 'cat')
  const before = lab.tmux('show-options', '-w', '-t', '=mine:')
  lab.tmux('join-pane', '-d', '-s', (await placeOf('one')).pane, '-t', '=mine:')
  await until(() => show('=mine:', '#{@q_mark}').includes('●'))
  expect(show('=mine:', '#{window_name}')).toBe('work')
  await holds()
  expect(show('=mine:', '#{window_name}')).toBe('work')
  expect(lab.tmux('show-options', '-w', '-t', '=mine:')).toBe(before)
})

const commandsOfOurs = `set-option list-panes list-sessions list-clients show-options show-hooks select-window rename-window
  select-pane display-message new-window new-session set-hook set-environment kill-pane kill-session list-keys`

test.each([['select-pane -t 99'], ['display-message -p hi']])(
  "with '%s' after each command that we run, all goes on",
  async (hook) => {
    lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
    for (const command of commandsOfOurs.split(/\s+/)) {
      try {
        lab.tmux('set-hook', '-g', `after-${command}`, hook)
      } catch {
        // tmux has no hook after it.
      }
    }
    await lab.q(['mux', '--detach'])
    expect(await lab.q(['mux', 'new', 'one', '-b', '--prompt', 'hello'])).toMatchObject({
      code: 0,
      stderr: '',
    })
    await until(async () => (await lab.list()).sessions.some(({ status }) => status === 'WaitingForInput'))
    await until(async () => (await lab.q(['mux', 'next'])).code === 0)
    expect(await lab.q(['mux', 'back'])).toMatchObject({ code: 0 })
    expect(await lab.q(['mux', 'rename', 'one', 'eins'])).toMatchObject({ code: 0 })
    await holds(['dev-1', 'eins'])
  },
)

test('names that the user’s command-alias has are not run in place of tmux’s own commands', async () => {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
  const aliased = commandsOfOurs.split(/\s+/).filter((command) => !/^(?:set|show)-option/.test(command))
  for (const [at, command] of [
    ...aliased,
    'source-file',
    'respawn-pane',
    'run-shell',
    'attach-session',
  ].entries())
    lab.tmux('set-option', '-s', `command-alias[${at + 100}]`, `${command}=display-message no`)
  await start()
  await holds()
})

test('a session that cannot be opened because the workspace runs elsewhere is not made', async () => {
  await start()
  const made = await lab.q(['mux', 'new', 'three', '-b'], { env: { Q_TMUX_SOCKET: `${lab.socket}-outer` } })
  expect(made).toMatchObject({ code: 1 })
  expect((await lab.list()).sessions.map(({ name }) => name)).toEqual(['dev-1', 'one'])
})

test.each([['kill-session -t =q'], ['kill-server'], ['kill-window']])(
  "a hook '%s' after each new window is named, and the session is kept",
  async (command) => {
    await start()
    lab.tmux('set-hook', '-g', 'after-new-window', command)
    const made = await lab.q(['mux', 'new', 'three', '-b'])
    expect(made).toMatchObject({ code: 1, stdout: '' })
    expect(made.stderr).toContain('a hook of yours may do so')
    expect(made.stderr).not.toMatch(/no such|can't find|no server/)
    expect((await lab.list()).sessions.map(({ name }) => name).sort()).toEqual(['dev-1', 'one', 'three'])
  },
)

test.each([['move-window -t mine:'], ['link-window -t mine:'], ['join-pane -d -t mine:0']])(
  "a hook '%s' after each new window takes it along, and the session is there",
  async (command) => {
    lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
    lab.tmux('set-hook', '-g', 'after-new-window', command)
    await start()
    expect(show((await placeOf('one')).pane, '#{@q_session}')).toBe((await placeOf('one')).id)
    await holds()
    expect(lab.tmux('list-windows', '-a').split('\n')).toHaveLength(1)
  },
)

test('a window that names itself does not name its session', async () => {
  await start()
  const { window } = await placeOf('one')
  lab.tmux('set-option', '-g', 'automatic-rename-format', 'auto-#{window_index}')
  lab.tmux('set-option', '-w', '-t', window, 'automatic-rename', 'on')
  await until(() => show(window, '#{window_name}').startsWith('auto-'))
  lab.tmux('new-window', '-d', '-n', 'more', 'cat')
  await lab.q(['mux', 'send', 'dev-1', 'hello'])
  await until(() => lab.corner() === '[one] [dev-1]')
  await holds()
})
