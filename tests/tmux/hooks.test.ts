import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllersIn, startProgram, workersHeld } from '../controller/program.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** A server of the user's own with a hook of theirs. */
function withHook(hook: string, command: string): void {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
  lab.tmux('set-hook', '-g', hook, command)
}

test.each([
  ['after-new-window', 'split-window -h cat'],
  ['after-new-window', 'split-window -bh cat'],
  ['after-new-window', 'display-message -p "q-mux x $1 @1 %1"'],
  ['after-new-session', 'new-window cat'],
  ['after-new-session', 'display-message -p hi'],
  ['after-new-session', 'select-pane -t 99'],
  ['after-new-session', 'split-window -bh cat'],
  ['after-new-window', 'select-pane -t 99'],
  ['window-linked', 'rename-window odd'],
])(
  "with a user's hook %s '%s', each session has its own worker and the user's panes are let be",
  async (hook, command) => {
    withHook(hook, command)
    expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
    expect(await lab.q(['mux', 'new', 'second', '-b', '--prompt', 'hello'])).toMatchObject({
      stdout: 'second\n',
    })
    await until(() => workersHeld(lab) === 2)
    await until(() => lab.corner() === '[second]')
    const marked = lab.tmux('list-panes', '-a', '-F', '#{@q_session} #{pane_start_command}').split('\n')
    for (const line of marked) if (!line.startsWith(' ')) expect(line).toContain('worker')
    expect(marked.filter((line) => !line.startsWith(' '))).toHaveLength(2)
    expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  },
)

test('a hook that throws other clients out runs for terminals, and not for the controller', async () => {
  withHook('client-attached', 'detach-client -a')
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const first = lab.terminal()
  await until(() => first.screen().includes('[dev-1] q>'))
  const { pid } = (await lab.list()).controller ?? { pid: 0 }
  process.kill(pid, 'SIGKILL')
  await until(async () => ![pid, undefined].includes((await lab.list()).controller?.pid))
  startProgram(lab, 1)
  await until(() => first.screen().includes('[s1]'))
  const second = lab.terminal()
  await until(() => second.screen().includes('[dev-1] q>'))
  await until(() => first.screen().includes('workspace q goes on'))
})

test('a hook that runs dead panes again leaves sleeping ones asleep', async () => {
  withHook('pane-died', 'respawn-pane')
  lab.config('[sessions]\nmax_active_sessions = 50')
  await lab.q(['mux', '--detach'])
  for (let n = 0; n < 11; n += 1) await lab.q(['mux', 'new', `s${n}`, '-b'])
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  const asleep = (): string[] =>
    lab
      .tmux('list-panes', '-a', '-F', '#{?@q_asleep,1,}#{pane_dead} #{pane_pid}')
      .split('\n')
      .filter((line) => line.startsWith('1'))
  const before = await until(
    () => asleep().length > 0 && asleep().every((line) => line.startsWith('11')) && asleep(),
  )
  lab.tmux('new-window', '-d', 'true')
  await lab.q(['mux', 'new', 'more', '-b'])
  expect(asleep()).toEqual(before)
})

test.each([
  ['exit-unattached', 'set-option -s exit-unattached on'],
  ['session-created', "set-hook -g session-created 'set-option destroy-unattached on'"],
  [
    'session-created',
    'set-hook -g session-created \'run-shell -b "tmux set-option -t q: destroy-unattached on"\'',
  ],
])('where %s takes the workspace away, that is named and nothing is said to run', async (named, line) => {
  writeFileSync(`${lab.home}/.tmux.conf`, `${line}\n`)
  const started = await lab.q(['mux', '--detach'])
  expect(started).toMatchObject({ code: 1, stdout: '' })
  expect(started.stderr).toContain('took the workspace q away')
  expect(started.stderr).toContain(named)
  expect(started.stderr).not.toContain('runs')
})

test("tmux's own destroy-unattached leaves the workspace alone", async () => {
  writeFileSync(`${lab.home}/.tmux.conf`, 'set-option -g destroy-unattached on\n')
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  await until(() => workersHeld(lab) === 1)
})

test("with the user's detach-on-destroy off, stop ends the controller all the same", async () => {
  withHook('session-closed', 'display-message x')
  lab.tmux('set-option', '-g', 'detach-on-destroy', 'off')
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  await until(() => controllersIn(processesOf(lab.home)).length === 0)
  expect(lab.tmux('list-clients')).toBe('')
})
