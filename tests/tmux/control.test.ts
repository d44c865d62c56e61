import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControlConnection, controlConnection, type Notification } from '../../src/tmux/control.ts'
import { TmuxError, tmuxDoor } from '../../src/tmux/door.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
let connection: ControlConnection
let events: Notification[]
beforeEach(async () => {
  lab = openLab()
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'w', 'cat')
  events = []
  connection = controlConnection(tmuxDoor(lab.socket, lab.env).control('=w'), (event) => events.push(event))
})
afterEach(() => lab.dispose())

test('a command answers with what it prints, also when that is nothing', async () => {
  expect(await connection.run(['display-message', '-p', 'hello'])).toBe('hello')
  expect(await connection.run(['set-option', '-t', '=w:', '@x', 'y'])).toBe('')
})

test('a value of several lines that looks like the end of an answer is only a value', async () => {
  const value = 'one\n%end 1 1 1\n%error 1 1 1\n%begin 9 9 1\n%exit\n\ntwo'
  lab.tmux('set-option', '-t', 'w', '@x', value)
  const answers = await Promise.all([
    connection.run(['show-options', '-v', '-t', '=w:', '@x']),
    connection.run(['display-message', '-p', 'next']),
  ])
  expect(answers).toEqual([value, 'next'])
  expect(events.map(({ name }) => name)).not.toContain('exit')
})

test('a file that is sourced answers with all its commands, and what comes next with its own', async () => {
  const file = join(lab.home, 'some.conf')
  writeFileSync(file, 'set-option -g @x 1\ndisplay-message -p inside\nset-option -g @y 2\n')
  const answers = await Promise.all([
    connection.run(['source-file', file]),
    connection.run(['display-message', '-p', 'next']),
    connection.run(['if-shell', '-F', '1', 'display-message -p yes ; display-message -p sir']),
    connection.run(['display-message', '-p', 'last']),
  ])
  expect(answers).toEqual(['inside', 'next', 'yes\nsir', 'last'])
  await expect(connection.run(['source-file', join(lab.home, 'none.conf')])).rejects.toThrow('none.conf')
  expect(await connection.run(['display-message', '-p', 'after'])).toBe('after')
})

test('commands of one line answer together, in order', async () => {
  expect(
    await connection.run(
      ['display-message', '-p', 'a'],
      ['set-option', '@x', '1'],
      ['display-message', '-p', 'b'],
    ),
  ).toBe('a\nb')
})

test("a failing command says tmux's own words, stops the rest of its line and nothing else", async () => {
  const failing = connection.run(
    ['set-option', '@x', 'before'],
    ['select-window', '-t', '@999'],
    ['set-option', '@x', 'after'],
  )
  const next = connection.run(['show-options', '-v', '@x'])
  await expect(failing).rejects.toThrow(TmuxError)
  await expect(failing).rejects.toThrow("can't find window: @999")
  expect(await next).toBe('before')
})

test('a command that tmux does not know is an error, and the next one answers for itself', async () => {
  const [failed, next] = await Promise.allSettled([
    connection.run(['no-such-command', 'x']),
    connection.run(['display-message', '-p', 'next']),
  ])
  expect(failed).toMatchObject({ status: 'rejected' })
  expect(next).toEqual({ status: 'fulfilled', value: 'next' })
})

test.each([
  "it's",
  '#(touch x)',
  '$HOME',
  '~',
  '"',
  '\\',
  'a;',
  ';',
  '{',
  '}',
  ' ',
  '',
  '%end 1 2 1',
  'ünï ●',
  '--',
  '#{x}',
])('the word %j arrives as it is', async (word) => {
  await connection.run(['set-option', '-t', '=w:', '@x', word])
  expect(await connection.run(['show-options', '-v', '-t', '=w:', '@x'])).toBe(word)
})

test('a word with a newline is refused before it reaches tmux: it would run as a command', async () => {
  await expect(connection.run(['set-option', '@x', 'a\nkill-server'])).rejects.toThrow('newline')
  expect(await connection.run(['display-message', '-p', 'alive'])).toBe('alive')
})

test('500 commands without waiting for each other get each its own answer', async () => {
  const numbers = Array.from({ length: 500 }, (_, n) => String(n))
  expect(await Promise.all(numbers.map((n) => connection.run(['display-message', '-p', n])))).toEqual(numbers)
})

test('tmux tells of windows that come and go, between answers', async () => {
  await connection.run(['display-message', '-p', 'attached'])
  const id = lab.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '-t', '=w:', 'cat')
  await until(() => events.some(({ name, words }) => name === 'window-add' && words[0] === id))
  lab.tmux('kill-window', '-t', id)
  await until(() => events.some(({ name, words }) => name.endsWith('window-close') && words[0] === id))
})

test('when the server is killed, all that was asked is refused and the connection is over', async () => {
  await connection.run(['display-message', '-p', 'attached'])
  const server = Number(lab.tmux('display-message', '-p', '#{pid}'))
  process.kill(server, 'SIGSTOP')
  const asked = [1, 2, 3].map((n) => connection.run(['display-message', '-p', String(n)]))
  const settled = Promise.allSettled(asked)
  process.kill(server, 'SIGKILL')
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await connection.closed
  await expect(connection.run(['display-message', '-p', 'late'])).rejects.toThrow(TmuxError)
})

test('when its session ends or somebody detaches it, the connection is over', async () => {
  await connection.run(['display-message', '-p', 'attached'])
  const other = controlConnection(tmuxDoor(lab.socket, lab.env).control('=w'), () => {})
  await other.run(['display-message', '-p', 'attached'])
  lab.tmux('detach-client', '-s', '=w')
  await connection.closed
  await other.closed
})

test('a session that is not there ends the connection at once', async () => {
  const none = controlConnection(tmuxDoor(lab.socket, lab.env).control('=nobody'), () => {})
  await none.closed
  await expect(none.run(['display-message', '-p', 'x'])).rejects.toThrow(TmuxError)
})

test('closing it lets the client go', async () => {
  await connection.run(['display-message', '-p', 'attached'])
  connection.close()
  await connection.closed
  await until(() => lab.tmux('list-clients') === '')
})
