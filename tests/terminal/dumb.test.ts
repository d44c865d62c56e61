import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminalLab, type Pane, type TerminalLab } from '../support/terminal-lab.ts'
import { until } from '../support/until.ts'

let lab: TerminalLab
let pane: Pane
beforeEach(async () => {
  lab = openTerminalLab()
  pane = await lab.pane({ env: { TERM: 'dumb' }, shell: 'script -qfc "$CHILD" output' })
})
afterEach(() => lab.dispose())

const line = (text: string) => ({ type: 'line', text })

test('lines are lines, and nothing but text is written', async () => {
  const read = pane.act('read', 'q> ')
  await until(() => pane.screen() === 'q>')
  await pane.act('say', 'news')
  await pane.act('wait', 'thinking')
  pane.type('hello')
  pane.keys('Enter')
  expect(await read).toEqual(line('hello'))
  await pane.act('stream')
  await pane.act('write', 'an \u001b[31manswer\n')
  await pane.act('end')
  const more = pane.act('read', 'q> ')
  pane.paste('one\\\ntwo\n', false)
  expect(await more).toEqual(line('one\ntwo'))
  await pane.act('close')
  const { readFileSync } = await import('node:fs')
  const output = readFileSync(`${lab.home}/output`, 'utf8')
  expect(output).toContain('an answer')
  expect(output.replace(/^Script .*$/gm, '')).not.toMatch(/\u001b/)
})

test('lines that are pasted are one prompt, which a later Enter sends', async () => {
  const read = pane.act('read', 'q> ')
  await until(() => pane.screen() === 'q>')
  pane.paste('!touch one\n/quit\nthree', false)
  await until(() => pane.screen().includes('(2 lines pasted; Enter sends them as one prompt)'))
  pane.keys('Enter')
  expect(await read).toEqual(line('!touch one\n/quit\nthree'))
  const next = pane.act('read', 'q> ')
  pane.paste('/close\ny\n', false)
  await until(() => pane.screen().endsWith('prompt)'))
  pane.keys('Enter')
  expect(await next).toEqual(line('/close\ny'))
  const dropped = pane.act('read', 'q> ')
  pane.paste('a\nb\n', false)
  await until(() => pane.screen().endsWith('prompt)'))
  pane.keys('C-c')
  await until(() => pane.screen().endsWith('q>'))
  pane.type('kept')
  pane.keys('Enter')
  expect(await dropped).toEqual(line('kept'))
})

test('a line typed ahead of a question is the next line', async () => {
  await pane.act('stream')
  pane.type('y')
  pane.keys('Enter')
  await until(() => pane.screen() === 'y')
  await pane.act('end')
  const asked = pane.act('ask', 'Allow? [y/n]: ')
  await until(() => pane.screen().includes('Allow?'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.type('no')
  pane.keys('Enter')
  expect(await asked).toBe('no')
  expect(await pane.act('read', 'q> ')).toEqual(line('y'))
})

test('what is asked permission for is printed whole, with its bars, and a line from before is no answer', async () => {
  const lines = Array.from({ length: 30 }, (_, at) => ({
    kind: 'text',
    text: `echo ${at} ${'x'.repeat(70)}`,
  }))
  pane.type('y')
  pane.keys('Enter')
  await until(async () => (await pane.act<number>('received')) >= 2)
  const asked = pane.act(
    'askPermission',
    JSON.stringify({ tool: 'execute_bash', lines, trust: 'this very command line, in this directory' }),
  )
  await until(() => pane.screen().includes('[y/n/t]:'))
  const { readFileSync } = await import('node:fs')
  const rows = readFileSync(`${lab.home}/output`, 'utf8').split(/\r?\n/)
  expect(rows.filter((row) => /^▐ echo \d+ x+$/.test(row))).toHaveLength(30)
  expect(rows.filter((row) => /^▐↳x+$/.test(row))).toHaveLength(30)
  pane.type('no')
  pane.keys('Enter')
  expect(await asked).toBe('no')
  expect(await pane.act('read', 'q> ')).toEqual(line('y'))
})

test('Ctrl-C and Ctrl-D are events', async () => {
  void pane.act('stream')
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.keys('C-c')
  await until(() => pane.events.includes('interrupt'))
  const read = pane.act('read', 'q> ')
  await until(() => pane.screen().endsWith('q>'))
  pane.keys('C-c')
  expect(await read).toEqual({ type: 'interrupt' })
  const next = pane.act('read', 'q> ')
  await until(() => pane.screen().endsWith('q>'))
  pane.keys('C-d')
  expect(await next).toEqual({ type: 'end' })
})

test('a line that was begun for a question which is taken back answers none', async () => {
  const first = pane.act('askWithdrawable', 'First? [y/n]: ')
  await until(() => pane.screen().includes('First?'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.type('y')
  await until(() => pane.screen().endsWith('y'))
  await pane.act('withdraw')
  expect(await first).toEqual({ type: 'withdrawn' })
  const second = pane.act('ask', 'Second? [y/n]: ')
  await until(() => pane.screen().includes('Second?'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.keys('Enter')
  pane.type('no')
  pane.keys('Enter')
  expect(await second).toBe('no')
  expect(await pane.act('read', 'q> ')).toEqual(line('y'))
})
