import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { openShell } from '../worker/harness.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** `q WORDS…` as somebody types it in a pane; resolves with what it printed and its exit code. */
async function typeIn(pane: string, words: string): Promise<string> {
  const file = join(lab.home, `typed-${Math.random()}`)
  lab.type(
    pane,
    `{ ${process.execPath} ${entry} ${words}; echo "exit $?"; } > ${file} 2>&1; mv ${file} ${file}.done`,
  )
  await until(() => existsSync(`${file}.done`))
  return readFileSync(`${file}.done`, 'utf8')
}

test('q mux typed in a pane beside a session finds the workspace of that pane', async () => {
  await lab.q(['mux', '--detach', '--workspace', 'w2'])
  const pane = lab.tmux(
    'split-window',
    '-d',
    '-P',
    '-F',
    '#{pane_id}',
    '-t',
    '=w2:',
    'env -u Q_TMUX_SOCKET sh',
  )
  const description = await until(async () => {
    const text = await typeIn(pane, 'mux list --json')
    return text.includes('exit 0') && JSON.parse(text.split('\n')[0] ?? '')
  })
  expect(description).toMatchObject({ workspace: 'w2', running: true, sessions: [{ name: 'dev-1' }] })
  expect(await typeIn(pane, 'mux new beside')).toMatch(/exit 0\n$/)
  const shown = () => lab.tmux('display-message', '-p', '-t', '=w2:', '#{window_name}')
  expect(shown()).toBe('beside')
  expect(await typeIn(pane, 'mux switch dev')).toBe('exit 0\n')
  expect(shown()).toBe('dev-1')
  expect(await typeIn(pane, 'mux close --yes')).toContain('closed dev-1')
  const { stdout } = await lab.q(['mux', 'list', '--json', '--workspace', 'w2'])
  expect(JSON.parse(stdout).sessions.map((session: { name: string }) => session.name)).toEqual(['beside'])
})

test('from another tmux session of the same server q mux switches the client, and q mux stop sends it back', async () => {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sh')
  lab.tmux('set-option', '-g', 'status-right', 'my own')
  const outer = openShell(lab, `unset TMUX; tmux -L ${lab.socket} attach -t =mine`)
  const clientShows = () => lab.tmux('list-clients', '-F', '#{client_control_mode} #{client_session}')
  await until(() => clientShows() === '0 mine')
  expect(await typeIn('=mine:', 'mux')).toBe('exit 0\n')
  await until(() => clientShows().split('\n').includes('0 q'))
  await until(() => outer.screen().includes('[dev-1] q>'))
  expect(lab.tmux('show-options', '-v', '-t', '=mine:', 'status-right')).toBe('')

  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  await until(() => clientShows() === '0 mine')
  expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine')
})

test('a tmux session of the user with the name of the workspace is left alone', async () => {
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'q', 'sh')
  for (const words of [
    ['mux', '--detach'],
    ['mux', 'new', 'x', '--background'],
  ]) {
    const refused = await lab.q(words)
    expect(refused, words.join(' ')).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('there is a tmux session "q" that q mux did not make')
    expect(refused.stderr).toContain('--workspace')
  }
  for (const verb of ['list', 'stop']) expect(await lab.q(['mux', verb])).toMatchObject({ code: 0 })
  expect(lab.tmux('list-windows', '-t', '=q')).toMatch(/^0: sh/)
})
