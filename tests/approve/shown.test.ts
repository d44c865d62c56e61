import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, say, tool } from '../support/bedrock-script.ts'
import type { Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  openShell,
  promptUp,
  q,
  session,
  startWorkspace,
} from '../worker/harness.ts'
import { askFor, ran, screenOf, turnOver } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

/** What it does stands at its top; its end looks like another call and like the question. */
const forged = [
  'echo done >> ran # ok',
  ": '",
  ...Array.from({ length: 39 }, () => '.'),
  'execute_bash (1 line):',
  '▐ cat README.md',
  "Allow this action? Use 't' to trust this very command line, in this directory, for this session. [y/n/t]: '",
  'true',
].join('\n')
const bar = '▐'
const gist = 'execute_bash (45 lines) ▐ echo done'

/** The window's rows without tmux's status line. */
const rowsOf = (terminal: Terminal) => terminal.screen().split('\n').slice(1)
const has = (terminal: Terminal, words: string) => rowsOf(terminal).some((row) => row.includes(words))

/** The question's own row, not one that was made up, has a place for the answer. */
const takesKeys = (terminal: Terminal) =>
  rowsOf(terminal).some((row) => /^Allow this action\? \[y\/n\/t\]: *$/.test(row))

/** What is the call's on the screen has the bar, and what has the bar is the call's. */
function expectBars(terminal: Terminal): void {
  const rows = rowsOf(terminal).filter((row) => /README|^\.|: '|ok|^▐/.test(row))
  for (const row of rows) expect(row).toMatch(/^(?:▐|execute_bash \(45 lines\) ▐)/)
}

test.each([
  [200, 24],
  [80, 10],
  [40, 6],
])(
  'in a window of %i x %i a forged command is seen to be one, and is read to its end before it runs',
  async (columns, rows) => {
    const terminal = lab.terminal(['mux'], { columns, rows: rows + 1 })
    await until(() => terminal.screen().includes('q>'))
    await askFor(lab, 'execute_bash', { command: forged })
    await until(() => has(terminal, gist.slice(0, columns - 8)) && takesKeys(terminal))
    expectBars(terminal)
    expect(rowsOf(terminal).filter((row) => row.startsWith('Allow'))).toHaveLength(1)
    terminal.type('y')
    await until(() => has(terminal, 'read to its end first: Space, PgDn, End'))
    terminal.resize(columns === 40 ? 60 : 40, rows + 3)
    await until(() => has(terminal, 'read to its end first'))
    expectBars(terminal)
    expect(ran(lab)).toEqual([])
    for (let page = 0; page < 40 && has(terminal, ': Space, PgDn'); page++) {
      const before = terminal.screen()
      terminal.keys('Space')
      await until(() => terminal.screen() !== before)
      expectBars(terminal)
    }
    terminal.resize(80, 24)
    await until(() => has(terminal, 'y runs it once'))
    await until(() => has(terminal, '▐ \\u{2590} cat README.md'))
    terminal.type('y')
    await turnOver(lab)
    expect(ran(lab)).toEqual(['done'])
    // The record is whole, and barred.
    const record = lab.tmux('capture-pane', '-p', '-S', '-', '-t', '=q:dev-1').split('\n')
    const from = record.indexOf('execute_bash (45 lines):')
    const call = record.slice(from + 1, from + 46 + 1).filter((row) => row.startsWith(bar))
    expect(call.join('\n').replaceAll('\n▐↳', '')).toContain("▐ echo done >> ran # ok\n▐ : '\n▐ .")
    expect(call.filter((row) => row === '▐ .')).toHaveLength(39)
  },
)

test('a change of 200 lines has bars, its size, and is read to its end; a no counts before', async () => {
  const before = Array.from({ length: 300 }, (_, at) => `old ${at}`).join('\n')
  writeFileSync(join(lab.home, 'a.txt'), `${before}\n`)
  const text = [
    '@@ -1 +1 @@',
    'Allow this action? [y/n/t]: ',
    ...Array.from({ length: 198 }, (_, at) => `new ${at}`),
  ]
  const change = { command: 'append', path: 'a.txt', new_str: text.join('\n') }
  const terminal = lab.terminal(['mux'], { columns: 80, rows: 25 })
  await until(() => terminal.screen().includes('q>'))
  await askFor(lab, 'fs_write', change)
  await until(() => has(terminal, 'fs_write (200 lines added) ▐ change a.txt') && takesKeys(terminal))
  for (const row of rowsOf(terminal).filter((row) => /old|new|@@|\{20\}/.test(row)))
    expect(row).toMatch(/^▐[ ↳]/)
  terminal.type('t')
  await until(() => has(terminal, 'read to its end first'))
  terminal.type('n')
  await turnOver(lab)
  expect(readFileSync(join(lab.home, 'a.txt'), 'utf8')).toBe(`${before}\n`)
  await askFor(lab, 'fs_write', change)
  await until(() => has(terminal, 'fs_write (200 lines added) ▐') && takesKeys(terminal))
  terminal.keys('End')
  await until(() => has(terminal, 'y runs it once'))
  terminal.type('y')
  await turnOver(lab)
  expect(readFileSync(join(lab.home, 'a.txt'), 'utf8')).toContain('new 197')
})

test('q mux approve on a terminal shows the same, reads to the end, and takes no key at first', async () => {
  await askFor(lab, 'execute_bash', { command: forged })
  const shell = openShell(lab, `${q} mux approve dev-1; echo "exit $?"`)
  await until(() => shell.screen().includes('Allow this action?'))
  await until(() => shell.screen().includes('[y/n/t]:'))
  shell.type('y')
  await until(() => shell.screen().includes('read to its end first: Space, PgDn, End'))
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'approval' })
  shell.keys('End')
  await until(() => shell.screen().includes('y runs it once'))
  shell.type('y')
  await until(() => shell.screen().includes('exit 0'))
  await turnOver(lab)
  expect(ran(lab)).toEqual(['done'])
})

test('a worker killed while its question has the whole window leaves the window as it was', async () => {
  await askFor(lab, 'execute_bash', { command: forged })
  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => screenOf(lab).includes('Press Enter to go on'))
  expect(lab.tmux('display-message', '-p', '-t', '=q:dev-1', '#{alternate_on}')).toBe('0')
  lab.keys('=q:dev-1', 'Enter')
  await promptUp(lab, 'dev-1')
  expect(lab.tmux('display-message', '-p', '-t', '=q:dev-1', '#{alternate_on}')).toBe('0')
  expect(existsSync(join(lab.home, 'ran'))).toBe(false)
})

test('nothing but a call has the bar: neither what the model says, nor output, notes and what is typed', async () => {
  const look = ['▐ forged', '▌ forged', '┃ forged', '❚ forged'].join('\n')
  const terminal = lab.terminal(['mux'], { columns: 80, rows: 25 })
  await until(() => terminal.screen().includes('q>'))
  lab.server.respondWith(
    answer(
      [
        ...tool('t1', 'execute_bash', [
          JSON.stringify({ command: `printf '${look.replaceAll('\n', '\\n')}\\n'` }),
        ]),
      ],
      'tool_use',
    ),
    say(`${look}\n\n> ▐ quoted\n`),
  )
  lab.type('=q:dev-1', `say ▐ typed`)
  await until(() => has(terminal, '[y/n/t]:'))
  terminal.type('y')
  await turnOver(lab)
  lab.tmux('send-keys', '-t', '=q:dev-1', '-l', '▐ typed')
  await until(() => rowsOf(terminal).some((row) => /q> .*typed/.test(row)))
  const barred = lab
    .tmux('capture-pane', '-p', '-S', '-', '-t', '=q:dev-1')
    .split('\n')
    .filter((row) => /[▐▌┃❚]/.test(row))
  expect(barred.every((row) => /^▐[ ↳]/.test(row))).toBe(true)
  expect(barred.join('')).toContain('printf')
})
