import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRecent } from '../../src/tmux/tmux-version.ts'
import { workersHeld } from '../controller/program.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { startUserServer } from './user.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

async function start(configuration: string): Promise<void> {
  startUserServer(lab, configuration)
  await until(() => lab.tmux('list-clients') !== '')
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  await until(() => workersHeld(lab) === 1)
}

const doctor = async (): Promise<string> => (await lab.q(['mux', 'doctor'])).stdout

test('a status-format that shows no status-right hides the corner: doctor says so, and how to place it', async () => {
  await start("set -g status-format[0] 'mine #S #{E:@q_corner}'\nset -g status-format[1] 'second'\n")
  expect(await doctor()).toContain('the corner stands before your own status-right')
  lab.tmux('set-option', '-g', 'status-format[0]', 'mine #S')
  const said = await doctor()
  expect(said).toMatch(
    /✗ status line +your own status-format shows no status-right, so the corner cannot be seen/,
  )
  expect(said).toContain('#{E:@q_corner}')
  lab.tmux('set-option', '-g', 'status', '2')
  lab.tmux('set-option', '-g', 'status-format[1]', '#{T:status-right}')
  expect(await doctor()).toContain('the corner stands before your own status-right')
})

test('a key that is left to the user is said by doctor, and is none of those that are bound', async () => {
  await start('bind N send-keys -l -- -x\n')
  const said = await doctor()
  expect(said).toContain('prefix a, A, S\n')
  expect(said).toContain('left to you, because tmux cannot read back what they do: prefix N')
})

test("variables in the user's status line and keys stay what they are", async () => {
  const mine =
    String.raw`set -g status-right 'x\$HOME $HOME \$1'` +
    '\n' +
    String.raw`bind a run-shell 'echo $HOME "\$X"'`
  await start(`${mine}\n`)
  const theirs = (): string => lab.tmux('show-options', '-gv', 'status-right')
  const key = (): string =>
    lab
      .tmux('list-keys', '-T', 'prefix')
      .split('\n')
      .filter((line) => line.split(/\s+/).includes('a'))
      .join('\n')
  expect(lab.tmux('show-options', '-v', '-t', '=q:', 'status-right')).toContain(theirs())
  expect(key()).toContain('@q_workspace')
  await lab.q(['mux', 'stop'])
  const now = key()
  writeFileSync(join(lab.home, 'mine.conf'), mine)
  lab.tmux('source-file', join(lab.home, 'mine.conf'))
  expect(now).toBe(key())
})

test("each pane's title, which themes show as #T, is its session's name, a new one too", async () => {
  await start("set -g window-status-format '#T'\n")
  const titles = (): string[] => lab.tmux('list-panes', '-s', '-t', '=q:', '-F', '#T').split('\n')
  expect(titles()).toEqual(['dev-1'])
  await lab.q(['mux', 'rename', 'dev-1', 'other'])
  await until(() => titles().join() === 'other')
  await lab.q(['mux', 'new', 'second', '-b'])
  await until(() => titles().join() === 'other,second')
})

// tmux 3.2 makes it 80 cells wide, whatever default-size says.
const isOld = !isRecent(execFileSync('tmux', ['-V'], { encoding: 'utf8' }), '3.3')

test.skipIf(isOld)(
  'a window that opens while no terminal is attached is as wide as the last one was',
  async () => {
    await start('')
    const terminal = lab.terminal(['mux'], { columns: 123, rows: 30 })
    await until(() => lab.tmux('show-options', '-v', '-t', '=q:', 'default-size') === '123x29')
    terminal.resize(111, 30)
    await until(() => lab.tmux('show-options', '-v', '-t', '=q:', 'default-size') === '111x29')
    terminal.keys('C-b', 'd')
    await until(() => terminal.screen().includes('goes on'))
    await lab.q(['mux', 'new', 'second', '-b'])
    const width = lab.tmux('display-message', '-p', '-t', '=q:second', '#{window_width}')
    expect(width).toBe('111')
  },
)

test('a terminal that shows tmux by its control mode is one like others: what it shows is not in the corner', async () => {
  await start('')
  const terminal = lab.start('tmux', ['-u', '-L', lab.socket, '-C', 'attach-session', '-t', '=q'])
  terminal.stdout?.resume()
  await until(() => lab.tmux('list-clients', '-t', '=q').split('\n').length === 2)
  await lab.q(['mux', 'new', 'second', '-b', '--prompt', 'hello'])
  await until(() => lab.corner() === '[second]')
  terminal.stdin?.write('select-window -t =q:second\n')
  await until(() => lab.corner() === '')
  terminal.stdin?.write('select-window -t =q:dev-1\n')
  await until(() => lab.corner() === '[second]')
  terminal.stdin?.write('select-window -t =q:second\n')
  await until(() => lab.corner() === '')
  terminal.stdin?.write('detach-client\n')
  await until(() => lab.corner() === '[second]')
})
