import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllersIn, workersHeld, workersIn } from '../controller/program.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  for (const name of ['one', 'two']) await lab.q(['mux', 'new', name, '--background'])
  await lab.q(['mux', 'send', 'one', 'hello'])
  await until(() => lab.corner() === '[one]')
  await until(() => workersHeld(lab) === 3)
  lab.tmux('new-session', '-d', '-s', 'mine', '-n', 'mail', 'cat')
})
afterEach(() => lab.dispose())

const names = (session: string): string[] =>
  lab.tmux('list-windows', '-t', `=${session}`, '-F', '#{window_name}').split('\n')
const sessions = (): string[] => lab.tmux('list-sessions', '-F', '#{session_name}').split('\n').sort()
const workers = (): number[] => workersIn(processesOf(lab.home)).sort()
const controllers = (): number[] => controllersIn(processesOf(lab.home))

/** Each session's pane is there once, in whatever windows, with its worker or asleep; `order`: the windows of the workspace. */
async function isWhole(order: string[]): Promise<void> {
  expect(names('q')).toEqual(order)
  const marked = lab.tmux('list-panes', '-a', '-F', '#{@q_session} #{pane_id}').split('\n')
  expect(new Set(marked.filter((line) => !line.startsWith(' '))).size).toBe(3)
  const asleep = () =>
    lab.tmux('list-panes', '-s', '-t', '=q', '-F', '#{?@q_asleep,x,}').replaceAll('\n', '').length
  await until(() => workersHeld(lab) + asleep() === 3)
  expect(workersHeld(lab)).toBeGreaterThan(0)
  await until(() => lab.corner() === '[one]')
  await until(() => controllers().length === 1)
  expect((await lab.list()).sessions).toHaveLength(3)
}

const gone = async (): Promise<void> => {
  lab.tmux('kill-session', '-t', '=q')
  await until(() => !sessions().includes('q'))
}

test('a workspace whose tmux session is gone is made again around a pane that lives elsewhere', async () => {
  lab.tmux('move-window', '-d', '-s', '=q:one', '-t', '=mine:7')
  const [pane] = lab.tmux('list-panes', '-t', '=mine:7', '-F', '#{pane_id}').split('\n')
  await gone()
  await until(() => workers().length === 1)
  const [worker] = workers()
  expect((await lab.q(['mux', '--detach'])).stderr).toContain('workspace q runs: 3 sessions')
  await isWhole(['dev-1', 'one', 'two'])
  expect(workers()).toContain(worker)
  expect(lab.tmux('list-panes', '-t', '=q:one', '-F', '#{pane_id}')).toBe(pane)
  expect(names('mine')).toEqual(['mail', 'one'])
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  expect(names('mine')).toEqual(['mail'])
  await until(() => workers().length + controllers().length === 0)
})

test('so it is when all of them live elsewhere, two in one window', async () => {
  lab.tmux('join-pane', '-d', '-s', '=q:two', '-t', '=q:one')
  await until(() => lab.tmux('display-message', '-p', '-t', '=q:one', '#{@q_holds}').includes(' '))
  for (const name of ['one', 'dev-1']) lab.tmux('link-window', '-d', '-s', `=q:${name}`, '-t', '=mine:')
  await gone()
  const before = workers()
  expect(before).toHaveLength(3)
  // Windows without a workspace are the user's, keys and all, until it is there again.
  expect(await lab.list()).toMatchObject({ running: false })
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  await isWhole(['dev-1', 'one'])
  expect(workers()).toEqual(before)
  // The one that was used last is seen first.
  expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name} #{window_index}')).toBe('one 1')
  expect(names('mine')).toEqual(['mail', 'one', 'dev-1'])
  expect((await lab.q(['mux', '--detach'])).stderr).toContain('runs already')
  await isWhole(['dev-1', 'one'])
})

test('a caller with another environment makes it again where its workers are', async () => {
  lab.tmux('link-window', '-d', '-s', '=q:one', '-t', '=mine:')
  await gone()
  await lab.q(['mux', '--detach'], { env: { XDG_RUNTIME_DIR: '' } })
  await isWhole(['dev-1', 'one', 'two'])
  expect(lab.tmux('show-options', '-v', '-t', '=q:', '@q_runtime')).toBe(lab.runtimeDir)
})

test('going to a session whose pane is elsewhere makes the workspace again, too', async () => {
  lab.tmux('link-window', '-d', '-s', '=q:two', '-t', '=mine:')
  await gone()
  expect(await lab.q(['mux', 'switch', 'two'])).toMatchObject({ code: 0 })
  await isWhole(['dev-1', 'one', 'two'])
  expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')).toBe('two')
})

test('what is left of a workspace is ended by stop, and no controller is started again and again', async () => {
  lab.tmux('link-window', '-d', '-s', '=q:one', '-t', '=mine:')
  await gone()
  await until(() => workers().length === 1)
  await until(() => controllers().length === 0)
  const stopped = await lab.q(['mux', 'stop'])
  expect(stopped.stderr).toContain('stopped q')
  await until(() => workers().length + controllers().length === 0)
  expect(names('mine')).toEqual(['mail'])
})
