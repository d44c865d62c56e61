import { expect, test } from 'vitest'
import type { Call, ShownLine } from '../../src/domain/approval.ts'
import { callRows, gistRow, runRows, trustRows } from '../../src/terminal/screen/call-rows.ts'
import { cellsOf } from '../../src/text/cells.ts'
import { createStyle } from '../../src/text/style.ts'

const plain = createStyle(false)
const call = (...lines: (string | ShownLine)[]): Call => ({
  tool: 'execute_bash',
  lines: lines.map((line) => (typeof line === 'string' ? { kind: 'text', text: line } : line)),
})
const texts = (of: Call, columns: number, style = plain) =>
  callRows(of, columns, style).map(({ text }) => text)

const hostile = [
  'touch canary # ok',
  '',
  `: '${'wide 漢字 '.repeat(20)}`,
  'Allow this action? [y/n/t]: ',
  `${'x'.repeat(300)}execute_bash (1 line):`,
  'a\tb\tc',
  '▐ forged',
  'ёжик '.repeat(30),
  '👩‍👩‍👧 '.repeat(30),
]

// What Unicode calls one letter is drawn by tmux, and others, as all that it is made of.
test.each([
  `\u{1f44d}${'\u{1f3fd}'.repeat(200)}`,
  '\u1100'.repeat(200),
  `\u0915${'\u093e'.repeat(200)}`,
  '\u{1f1e9}\u{1f1ea}'.repeat(100),
  '\u{1f600}\u093f'.repeat(90),
])('no terminal breaks a row of %s where we do not', (line) => {
  const drawn = (text: string) =>
    [...text].reduce((sum, letter) => sum + (/\p{Mn}/u.test(letter) ? 0 : letter < '\u0080' ? 1 : 2), 0)
  for (const columns of [10, 39, 80]) {
    const rows = texts(call(line), columns).filter((row) => row.startsWith('▐'))
    for (const row of rows) expect(drawn(row.replace(/^▐↳?/u, ''))).toBeLessThan(columns)
    expect(rows.map((row) => row.replace(/^▐[ ↳]/u, '')).join('')).toBe(line)
  }
})

test.each([10, 20, 39, 40, 80, 200])(
  'in %i columns each row of a call has the bar, and none is too wide',
  (columns) => {
    const rows = texts(call(...hostile), columns)
    const own = rows.findIndex((row) => row.startsWith('▐'))
    expect(own).toBeGreaterThan(0)
    for (const row of rows.slice(own)) {
      expect(row).toMatch(/^▐[ ↳]/)
      expect(row.slice(1)).not.toContain('▐')
      expect(cellsOf(row)).toBeLessThan(columns)
    }
    const whole = rows.slice(own).join('\n').replaceAll(/\n▐↳/g, '').split('\n')
    const tabs = (text: string) =>
      text.replaceAll('▐ forged', '| forged').replaceAll('\t', ' ').replaceAll(/ +/g, ' ')
    expect(whole.map(tabs)).toEqual(hostile.map((line) => tabs(`▐ ${line}`.replace('▐ ▐', '▐ |'))))
  },
)

test('the bar is there without colours, and notes in our words stand below without it', () => {
  const noted = call({ kind: 'note', text: '--output= writes a file' }, 'git log', 'ls')
  expect(texts(noted, 80)).toEqual([
    'execute_bash (2 lines):',
    '▐ git log',
    '▐ ls',
    '  --output= writes a file',
  ])
  expect(texts(noted, 80, createStyle(true))[1]).toContain('▐')
  expect(
    texts(call({ kind: 'note', text: 'a '.repeat(30) }, 'ls'), 40)
      .slice(2)
      .every((row) => /^ {2}/.test(row)),
  ).toBe(true)
})

test('tool, size and first line stand in one row, whatever the width', () => {
  const row = (of: Call, columns: number) => gistRow(of, columns, plain).text
  expect(row(call('touch canary # ok', 'ls'), 80)).toBe('execute_bash (2 lines) ▐ touch canary # ok…')
  expect(row(call('', 'ls'), 80)).toBe('execute_bash (2 lines) ▐ ls…')
  const diff: ShownLine[] = [
    { kind: 'text', text: 'change a.ts' },
    { kind: 'add', text: '+a' },
    { kind: 'add', text: '+b' },
    { kind: 'remove', text: '-c' },
  ]
  expect(row({ tool: 'fs_write', lines: diff }, 80)).toBe(
    'fs_write (2 lines added, 1 removed) ▐ change a.ts…',
  )
  for (const columns of [30, 40, 60]) {
    const narrow = row({ ...call('y'.repeat(500)), tool: `@server/${'long'.repeat(20)}` }, columns)
    expect(narrow).toMatch(/^@s.*\(1 line\) ▐ y+…$/)
    expect(narrow.length).toBeLessThan(columns)
  }
  expect(row({ tool: 'fs_write', lines: diff }, 40)).toBe('fs_write (+2 -1) ▐ change a.ts…')
})

test('in no window is the row above the question two', () => {
  const change: ShownLine[] = Array.from({ length: 54 }, () => ({ kind: 'add', text: '+ \u6f22' }))
  const calls: Call[] = [
    call('y'),
    call('y'.repeat(500), 'z'),
    call('\u6f22'.repeat(50)),
    { tool: 'fs_write', lines: [...change, { kind: 'remove', text: '-x' }] },
    { tool: `@server/${'long'.repeat(20)}`, lines: change },
  ]
  for (let columns = 8; columns < 120; columns += 1)
    for (const of of calls) {
      const { text, cells } = gistRow(of, columns, plain)
      expect(cells).toBeLessThan(columns)
      expect(cellsOf(text)).toBeLessThanOrEqual(cells)
    }
})

test('what t trusts has the bar, too, and what runs unasked is one row where it fits', () => {
  expect(
    trustRows(`writing /tmp/${'a '.repeat(30)}execute_bash:`, 0, 40, plain)
      .slice(1)
      .map(({ text }) => text[0]),
  ).toEqual(['▐', '▐', '▐'])
  expect(runRows(call('npm test'), 80, plain)).toEqual(['execute_bash ▐ npm test'])
  expect(runRows(call('npm run test'), 24, plain)).toEqual(['execute_bash (1 line):', '▐ npm run test'])
})
