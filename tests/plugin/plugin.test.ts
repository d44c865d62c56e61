import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const plugin = join(root, 'q-mux.tmux')

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('what a plugin manager runs of the clone is the plugin alone: the programs *.tmux in its root', () => {
  const found = readdirSync(root).filter((name) => name.endsWith('.tmux'))
  expect(found).toEqual(['q-mux.tmux'])
  expect(lstatSync(plugin).mode & 0o111).toBe(0o111)
})

test('the path that the plugin had before works, too', () => {
  ownSession()
  source(join(root, 'tmux/q-mux.tmux'))
  expect(bindings('Q')).toContain('q-mux.tmux')
})

test('the plugin binds prefix Q, which opens the workspace and shows it on the client that pressed it', async () => {
  const terminal = ownSession()
  source(plugin)
  terminal.keys('C-b', 'Q')
  await until(() => terminal.screen().includes('[dev-1] q>'))
  expect(sessionsShown()).toEqual(['q'])
})

test('@q-mux-key chooses another key, and one that tmux would read as the end of a command is a key too', () => {
  ownSession()
  for (const key of ['F6', 'C-g', ';']) {
    lab.tmux('set-option', '-g', '@q-mux-key', key === ';' ? '\\;' : key)
    source(plugin)
    expect(bindings(key)).toContain('q-mux.tmux')
  }
})

test('with two clients the workspace appears on the one that pressed the key, whichever is used meanwhile', async () => {
  const first = ownSession()
  const second = ownSession('second')
  await until(() => sessionsShown().length === 2)
  source(plugin)
  first.keys('C-b', 'Q')
  // tmux itself would now take the client that was used last.
  second.keys('a')
  await until(() => first.screen().includes('[dev-1] q>'))
  expect(second.screen()).not.toContain('q>')
})

test('nothing in the path of the clone or in the key is run', async () => {
  const clone = join(lab.home, `it's #(touch ran) $(touch ran) "; touch ran`)
  mkdirSync(clone)
  for (const name of [
    'bin',
    'dist',
    'docs',
    'migrations',
    'node_modules',
    'tmux',
    'package.json',
    'q-mux.tmux',
  ])
    symlinkSync(join(root, name), join(clone, name))
  const terminal = ownSession()
  source(join(clone, 'q-mux.tmux'))
  terminal.keys('C-b', 'Q')
  await until(() => terminal.screen().includes('[dev-1] q>'))
  lab.tmux('set-option', '-g', '@q-mux-key', `$(touch ran) #(touch ran)`)
  expect(() => source(join(clone, 'q-mux.tmux'))).toThrow()
  expect(existsSync(join(lab.home, 'ran'))).toBe(false)
})

test('what keeps the workspace from starting is said in the status line', async () => {
  lab.config('[ui]\nwrong = 1\n')
  const terminal = ownSession()
  source(plugin)
  terminal.keys('C-b', 'Q')
  await until(() => terminal.screen().includes('"ui.wrong" is unknown'))
})

/** A tmux session of the user's own, which has nothing of q in it, with a real client on it. */
function ownSession(name = 'mine'): Terminal {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', name, '-c', lab.home, 'cat')
  lab.tmux('set-option', '-g', 'display-time', '10000')
  const terminal = lab.terminal(['--version'], { columns: 200, rows: 24 })
  terminal.tmux('respawn-pane', '-k', '--', 'tmux', '-u', '-L', lab.socket, 'attach', '-t', `=${name}`)
  return terminal
}

/** What the terminals show; the controller's connection is a client too, and none of them. */
function sessionsShown(): string[] {
  const clients = lab.tmux('list-clients', '-F', '#{client_control_mode} #{client_session}').split('\n')
  return clients.filter((client) => client.startsWith('0 ')).map((client) => client.slice(2))
}

/** As a plugin manager does it: tmux runs the file. */
function source(path: string): void {
  const word = `'${path.replaceAll("'", `'\\''`).replaceAll('#', '##')}'`
  lab.tmux('run-shell', '-t', '=mine:', word)
}

function bindings(key: string): string {
  const lines = lab.tmux('list-keys', '-T', 'prefix').split('\n')
  return lines.find((line) => line.split(/\s+/).at(3)?.replace('\\', '') === key) ?? ''
}
