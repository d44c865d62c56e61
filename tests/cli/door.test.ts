import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLine, printable } from '../../src/text/print.ts'
import { type Lab, openLab } from '../support/lab.ts'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

/** Who else holds a stream: for a line editor's or a page's screen, or to write one sequence of ours on purpose. */
const holders = [
  'cli/end.ts',
  'cli/run.ts',
  'cli/ask-here.ts',
  'cli/picker/alternate-screen.ts',
  'cli/picker/question.ts',
  'cli/picker/press-enter.ts',
  'cli/explain.ts',
  'text/print.ts',
  'worker/signals/session-signals.ts',
  'app/run-worker.ts',
  'worker/answer-once.ts',
  'cli/worker-command.ts',
]

test('one file writes to stdout and stderr; the others hand a stream to a screen of their own', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const having = (pattern: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(source + file, 'utf8'))).sort()
  expect(having(/process\.std(?:out|err)\.write|console\.\w+\(/)).toEqual([
    'text/print.ts',
    'worker/signals/session-signals.ts',
  ])
  // Its size, and whether it is a terminal, anybody may ask for.
  const stream =
    /process\.std(?:out|err)\b(?!\.(?:isTTY|columns|rows|write\b|once\('drain')|, (?:process\.env|invocation\.env)\))/
  expect(having(stream).filter((file) => !holders.includes(file))).toEqual([])
})

test('the door lets our own styles through where colour is wanted, and nothing else that steers', () => {
  const hostile = '\u001b]52;c;eA==\u0007\u001b[8m\u001b[7m\u009b31m\u202e\r\b\u001b[2J\u2028'
  expect(printable(`\u001b[1ma\u001b[22m${hostile}\tb\n`, true)).toBe(
    '\u001b[1ma\u001b[22m]52;c;eA==[8m[7m31m[2J\tb\n',
  )
  expect(printable(`\u001b[1ma\u001b[22m${hostile}`, false)).not.toMatch(steering)
})

test('JSON is whole, and safe to print', () => {
  const value = { text: '\u009b31m\u202e\u2028\u200b\ufeff\u001b[31m' }
  expect(jsonLine(value)).not.toMatch(steering)
  expect(JSON.parse(jsonLine(value))).toEqual(value)
  const tagged = { text: 'a\u{e0041}\u{e007f}b\u{e0100}' }
  expect(jsonLine(tagged)).toMatch(/^[ -~]*$/)
  expect(JSON.parse(jsonLine(tagged))).toEqual(tagged)
})

const steering =
  /[\0-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/
const hostile = 'a\u001b]0;owned\u0007\u001b[31mred\u009b2J\u202edcba\u2066x'

let lab: Lab

beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('hostile words, names of files, settings and variables reach no terminal, whichever verb says them', async () => {
  await lab.q(['mux', '--detach'])
  writeFileSync(join(lab.statusDir, `${hostile.replaceAll('/', '')}.json`), '{')
  writeFileSync(join(lab.home, 'notes.txt'), 'x')
  const directory = join(lab.home, hostile)
  mkdirSync(directory)
  const verbs = [
    [],
    [hostile],
    ['mux', hostile],
    ['mux', 'list', hostile],
    ['mux', 'doctor'],
    ['mux', 'new', hostile],
    ['mux', 'new', '--background', '--cwd', directory, 'in-there'],
    ['mux', 'list', '--json', '--all'],
    ['mux', 'open', hostile],
    ['mux', 'switch', hostile],
    ['mux', 'rename', 'dev-1', hostile],
    ['mux', 'close', hostile, '--yes'],
    ['mux', 'send', 'in-there', hostile],
    ['mux', 'send', hostile, 'text'],
    ['mux', 'search', hostile],
    ['mux', 'search', 'owned'],
    ['mux', 'search', 'owned', '--json'],
    ['mux', 'approve', hostile],
    ['mux', 'deny', hostile],
    ['mux', 'import', join(directory, 'none.sqlite3')],
    ['mux', 'status', '--workspace', hostile],
    ['config', 'get', hostile],
    ['config', 'set', hostile, hostile],
    ['config', 'set', 'model.id', hostile],
    ['name', hostile],
    ['chat', hostile],
    ['completion', hostile],
    ['complete', '--', 'mux', 'switch', hostile],
  ]
  for (const env of [{}, { Q_DEBUG: '1' }]) {
    for (const words of verbs) {
      const { stdout, stderr } = await lab.q(words, { env })
      expect(stdout + stderr, words.join(' ')).not.toMatch(steering)
    }
  }
  lab.config(`[model]\nid = "x"\n"${'\\u001b]0;owned\\u0007'}" = "\\u202e"\n`)
  const variables = {
    Q_MODEL_ID: hostile,
    Q_MODEL_REGION: hostile,
    Q_WORKSPACE: hostile,
    AWS_PROFILE: hostile,
    TMPDIR: directory,
  }
  for (const [name, value] of [...Object.entries(variables), ['PLAIN', 'x'] as const]) {
    const { stdout, stderr } = await lab.q(['mux', 'doctor'], { env: { [name]: value, Q_DEBUG: '1' } })
    expect(stdout + stderr, name).not.toMatch(steering)
  }
}, 240_000)
