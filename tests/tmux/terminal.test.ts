import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry, type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** An interactive shell on a terminal. */
async function shell(): Promise<Terminal> {
  const terminal = lab.terminal(['mux', 'list'], { columns: 100, rows: 24 })
  terminal.tmux('set-option', '-g', 'default-terminal', 'tmux-256color')
  terminal.tmux('respawn-pane', '-k', 'env', 'PS1=ready> ', 'ENV=', 'sh', '-i')
  await until(() => terminal.screen().includes('ready>'))
  return terminal
}

const q = `${process.execPath} ${entry}`

test('prefix Ctrl-z gives the shell its terminal back, and fg goes on', async () => {
  const terminal = await shell()
  terminal.type(`${q} mux`)
  await until(() => terminal.screen().includes('[dev-1] q>'))
  terminal.keys('C-b', 'C-z')
  await until(() => !terminal.screen().includes('[dev-1] q>'))
  await until(() => {
    terminal.type('echo in-the-$((1+1))-shell')
    return terminal.screen().includes('in-the-2-shell')
  })
  terminal.type('clear; fg')
  await until(() => terminal.screen().includes('[dev-1] q>'))
  terminal.keys('C-b', 'd')
  await until(() => terminal.screen().includes('Come back: q mux'))
})

test('a terminal that tmux does not know is named once, with what to do', async () => {
  const terminal = await shell()
  terminal.type(`clear; TERM=no-such-terminal ${q} mux`)
  await until(() => terminal.screen().includes('q mux --detach'))
  expect(terminal.screen().split('unsuitable terminal')).toHaveLength(2)
  expect((await lab.list()).running).toBe(true)
})

test('where no terminal shows the server, only q mux itself needs one', async () => {
  await lab.q(['mux', '--detach'])
  const [socket, pid] = lab.tmux('display-message', '-p', '#{socket_path} #{pid}').split(' ')
  const env = { TMUX: `${socket},${pid},0` }
  expect(await lab.q(['mux', 'switch', 'dev-1'], { env })).toMatchObject({ code: 0, stdout: '' })
  const gone = await lab.q(['mux'], { env })
  expect(gone).toMatchObject({ code: 1 })
  expect(gone.stderr).toContain('no terminal is attached to this tmux server')
})
