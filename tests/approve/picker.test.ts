import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, session, startWorkspace } from '../worker/harness.ts'
import { askFor, askToRun, openQuestions, ran, results, turnOver } from './harness.ts'

let lab: BedrockLab
let terminal: Terminal
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

/** Opens the picker's popup on a real client. */
async function openPopup(size?: { columns: number; rows: number }): Promise<void> {
  terminal = lab.terminal(['mux'], size)
  await until(() => terminal.screen().includes('[dev-1] q>'))
  terminal.keys('C-b', 'S')
  await until(() => popup().some((line) => line.startsWith('>')))
}

/** What stands inside the popup's frame. */
const popup = (): string[] =>
  terminal
    .screen()
    .split('\n')
    .flatMap((line) => /^.*?[│](.*)[│].*?$/.exec(line)?.[1]?.trimEnd() ?? [])
const inPopup = (words: string | RegExp): boolean => {
  const text = popup().join('\n')
  return typeof words === 'string' ? text.includes(words) : words.test(text)
}
/** Presses it until the list takes keys again: for a while after it was drawn it takes none. */
async function pressUntil(key: string, words: string): Promise<void> {
  await until(
    () => {
      if (inPopup(words)) return true
      terminal.keys(key)
      return false
    },
    { every: 500 },
  )
}
/** Opens the page of the session that is chosen, and waits until it takes keys: it has a place for the answer then. */
async function openPage(name: string): Promise<void> {
  await pressUntil('C-y', `${name} asks permission for`)
  await until(() => inPopup('[y/n/t]:'))
}
const lastRow = () => popup().filter(Boolean).at(-1)
const answerWith = (text: string): void => {
  terminal.keys('-l', '--', text)
  terminal.keys('Enter')
}
const create = (name: string) => lab.q(['mux', 'new', name, '--background'])
const focuses = (name: string) =>
  until(() => popup().some((line) => line.startsWith('▌') && line.includes(name)))

test('several sessions are answered in a row, without leaving the popup', { timeout: 120_000 }, async () => {
  for (const name of ['one', 'two', 'three']) {
    await create(name)
    await promptUp(lab, name)
    await askToRun(lab, name)
  }
  await openPopup()
  await until(() => inPopup('one    [WAITING]    approval: execute_bash: echo one >> ran'))
  expect(inPopup('Ctrl-Y answers')).toBe(true)
  await openPage('one')
  expect(popup().slice(0, 3)).toEqual([
    'one asks permission for (Esc goes back)',
    'execute_bash (1 line):',
    '▐ echo one >> ran',
  ])
  answerWith('y')
  await until(() => inPopup('one: approved'))
  await focuses('two')
  await openPage('two')
  answerWith('take another way')
  await until(() => inPopup('two: declined'))
  await focuses('three')
  await openPage('three')
  answerWith('t')
  await until(() => inPopup('three: approved, and trusted there from now on'))
  await focuses('three')
  for (const name of ['one', 'two', 'three']) await turnOver(lab, name)
  expect(ran(lab)).toEqual(['one', 'three'])
  const sent = JSON.stringify(lab.server.requests.map(({ body }) => body.messages?.at(-1)))
  expect(sent).toContain('The user says: take another way')
  terminal.keys('Up')
  await until(() => inPopup('type to narrow'))
  expect(inPopup('Ctrl-Y')).toBe(false)
})

test('Esc goes back to the list and leaves the question open; another Esc leaves the picker', async () => {
  await create('one')
  await promptUp(lab, 'one')
  await askToRun(lab, 'one')
  await openPopup()
  await openPage('one')
  terminal.keys('-l', 'y')
  await until(() => inPopup('[y/n/t]: y'))
  terminal.keys('Escape')
  await until(() => inPopup('type to narrow'))
  await focuses('one')
  expect(openQuestions(lab)).toBe(1)
  await openPage('one')
  expect(lastRow()).toMatch(/\[y\/n\/t\]:$/)
  terminal.keys('C-c')
  await until(() => inPopup('type to narrow'))
  terminal.keys('Escape')
  await until(() => popup().length === 0)
  expect(await session(lab, 'one')).toMatchObject({ waitingFor: 'approval' })
  expect(ran(lab)).toEqual([])
})

test('keys typed ahead and pastes approve nothing, and take the user nowhere', async () => {
  await create('one')
  await promptUp(lab, 'one')
  await askToRun(lab, 'one')
  await openPopup()
  // In one write with the key that opens the page.
  terminal.keys('C-y', 'y', 'Enter', 'y', 'Enter')
  await until(() => inPopup('one asks permission for'))
  terminal.keys('y', 'Enter')
  await until(() => inPopup('[y/n/t]:'))
  expect(lastRow()).toMatch(/\[y\/n\/t\]:$/)
  terminal.tmux('set-buffer', '-b', 'p', 'y\ny\u001b[201~\ny\n')
  terminal.tmux('paste-buffer', '-p', '-b', 'p')
  await until(() => inPopup(/\[y\/n\/t\]: y\ny/))
  await sleep(300)
  expect(await session(lab, 'one')).toMatchObject({ waitingFor: 'approval' })
  expect(openQuestions(lab)).toBe(1)
  terminal.keys(...Array(8).fill('BSpace'))
  answerWith('y')
  // What is typed on behind the answer picks no session.
  terminal.keys('Enter', 'Enter')
  await until(() => inPopup('one: approved'))
  await turnOver(lab, 'one')
  expect(ran(lab)).toEqual(['one'])
  expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')).toBe('dev-1')
})

test('long and hostile content is shown whole, and a yes counts only when its end was on the screen', async () => {
  await create('one')
  await promptUp(lab, 'one')
  const command = [
    `echo \u001b]52;c;aGk=\u0007\u202eevil ${'wide 漢字 '.repeat(12)}end`,
    ...Array.from({ length: 200 }, (_, at) => `# line ${at}`),
    'echo last >> ran',
  ].join('\n')
  await askFor(lab, 'execute_bash', { command }, 'one')
  await openPopup({ columns: 60, rows: 20 })
  await openPage('one')
  const rows = popup()
  expect(rows.slice(0, 3).join('\n')).toMatch(
    /^one asks permission for.*\nexecute_bash \(202 lines\):\n▐ echo \\u\{1b\}\]52;c;aGk=\\u\{7\}\\u\{202e\}/,
  )
  expect(rows[3]).toMatch(/^▐↳/)
  expect(rows.at(-3)).toMatch(/^rows 1-\d+ of 2\d\d: Space, PgDn, End$/)
  expect(rows.at(-2)).toMatch(/^execute_bash \(202 lines\) ▐ echo \\u\{1b\}/)
  answerWith('y')
  await until(() => inPopup('read to its end first: Space, PgDn, End'))
  expect(openQuestions(lab)).toBe(1)
  const seen = new Set(popup().slice(1, -3))
  for (let page = 0; page < 60 && !inPopup('y once'); page += 1) {
    const before = popup().join('\n')
    terminal.keys(page % 2 === 0 ? 'PageDown' : 'Space')
    await until(() => popup().join('\n') !== before)
    for (const row of popup().slice(0, -3)) seen.add(row)
  }
  for (let line = 0; line < 200; line += 1) expect(seen).toContain(`▐ # line ${line}`)
  expect(seen).toContain('▐ echo last >> ran')
  const folded = [...seen].filter((row) => row.includes('wide') || row.includes('漢'))
  expect(folded.join('').replaceAll(/▐[ ↳]/g, '').replaceAll(' ', '')).toContain('wide漢字'.repeat(12))
  answerWith('y')
  await until(() => inPopup('one: approved'))
  await until(() => expect(ran(lab)).toEqual(['last']))
})

test('a question that was answered meanwhile, and a session that asks nothing, are said to be so', async () => {
  writeFileSync(join(lab.home, 'a.txt'), 'one\n')
  await create('one')
  await promptUp(lab, 'one')
  await askFor(lab, 'fs_write', { command: 'append', path: 'a.txt', new_str: 'two' }, 'one')
  await openPopup()
  await openPage('one')
  expect(inPopup('▐ +two')).toBe(true)
  expect((await lab.q(['mux', 'deny', 'one', 'quicker'])).code).toBe(0)
  await turnOver(lab, 'one')
  answerWith('y')
  await until(() => inPopup('the question of one was answered there already'))
  expect(results(lab)[0]?.content[0]?.text).toContain('quicker')
  await pressUntil('C-y', 'one does not wait for an approval: it waits for your next prompt')
})
