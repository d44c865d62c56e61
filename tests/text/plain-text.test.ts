import { describe, expect, test } from 'vitest'
import { describeError, errorCode, UserError } from '../../src/base/errors.ts'
import { textOf } from '../../src/domain/message.ts'
import { parseSessionType } from '../../src/domain/session.ts'
import { type WorkerStatus, waits } from '../../src/domain/worker-status.ts'
import { count, oneLine, span, wrapWords } from '../../src/text/plain-text.ts'
import { createStyle, wantsColour } from '../../src/text/style.ts'

describe('oneLine', () => {
  test.each([
    ['plain', 'plain'],
    ['  two\n\nlines\t\tand   more ', 'two lines and more'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u202eb\u200bc\0d\u2028e', 'a b c d e'],
    ['', ''],
    ['\n \t', ''],
    ['日本語 🦊', '日本語 🦊'],
  ])('makes %j the line %j', (text, line) => {
    expect(oneLine(text)).toBe(line)
  })

  test('keeps 200 letters, and ends with … where there were more', () => {
    expect(oneLine('x'.repeat(200))).toBe('x'.repeat(200))
    expect(oneLine('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
    expect(oneLine('x'.repeat(10_000_000), 10)).toBe(`${'x'.repeat(9)}…`)
  })

  test('never cuts a letter in half', () => {
    expect([...oneLine('🦊'.repeat(300))]).toHaveLength(200)
    expect(oneLine('🦊'.repeat(5000)).isWellFormed()).toBe(true)
  })
})

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [14_000, '14 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [86_399_999, '23 h'],
  [86_400_000, '1 d'],
  [-5000, '0 s'],
])('span says %i ms as %s', (ms, words) => {
  expect(span(ms)).toBe(words)
})

test('count puts the word in the plural but for one', () => {
  expect([0, 1, 2].map((number) => count(number, 'session'))).toEqual([
    '0 sessions',
    '1 session',
    '2 sessions',
  ])
})

test('textOf joins the texts of a message and leaves its tools out', () => {
  expect(
    textOf({
      role: 'assistant',
      blocks: [
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: '1', name: 'x', input: {} },
        { type: 'text', text: 'b' },
      ],
    }),
  ).toBe('ab')
})

test.each([
  ['debug', 'Debug'],
  ['Planning', 'Planning'],
  ['dev', 'Development'],
  ['code-review', 'CodeReview'],
  ['CODEREVIEW', 'CodeReview'],
  ['review', 'CodeReview'],
  ['cook', undefined],
  ['', undefined],
  ['-', undefined],
])('parseSessionType reads %j as %s', (word, type) => {
  expect(parseSessionType(word)).toBe(type)
})

test.each<[Partial<WorkerStatus>, boolean]>([
  [{ state: 'waiting', waitingFor: 'input', turn: 1 }, true],
  [{ state: 'waiting', waitingFor: 'input', turn: 0 }, false],
  [{ state: 'waiting', waitingFor: 'approval', turn: 0 }, true],
  [{ state: 'waiting', waitingFor: 'error', turn: 0 }, true],
  [{ state: 'waiting', waitingFor: 'approval', turn: 3 }, true],
  [{ state: 'processing', waitingFor: null, turn: 3 }, false],
  [{ state: 'starting', waitingFor: null, turn: 3 }, false],
  [{ state: 'exited', waitingFor: null, turn: 3 }, false],
])('a worker with %j waits for a person: %s', (facts, expected) => {
  const status: WorkerStatus = {
    v: 1,
    session: '',
    name: 'a',
    state: 'waiting',
    waitingFor: null,
    since: 0,
    pid: 1,
    startTime: '',
    window: null,
    detail: '',
    turn: 0,
    ...facts,
  }
  expect(waits(status)).toBe(expected)
})

test('describeError says causes after what they caused, and the same words once', () => {
  const inner = new Error('no route to host')
  expect(describeError(new Error('cannot connect', { cause: inner }))).toBe(
    'cannot connect: no route to host',
  )
  expect(describeError(new Error('same', { cause: new Error('same') }))).toBe('same')
  expect(describeError('a text')).toBe('a text')
  const circle = new Error('round')
  circle.cause = circle
  expect(describeError(circle)).toBe('round')
})

test('errorCode is that of a system error, and of nothing else', () => {
  expect(errorCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT')
  expect([new Error('x'), { code: 'ENOENT' }, null].map(errorCode)).toEqual([undefined, undefined, undefined])
})

test('a UserError fails with 1 unless it says otherwise, and carries its hint and cause', () => {
  const cause = new Error('inner')
  expect(new UserError('m')).toMatchObject({ exit: 1, hint: undefined })
  expect(new UserError('m', { hint: 'h', exit: 2, cause })).toMatchObject({ exit: 2, hint: 'h', cause })
})

test('colour is put around words only where it is wanted', () => {
  expect(createStyle(true).red('no')).toBe('\u001b[31mno\u001b[39m')
  expect(createStyle(true).red('')).toBe('')
  expect(createStyle(false).red('no')).toBe('no')
  expect(wantsColour({ isTTY: true }, {})).toBe(true)
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
  expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
  expect(wantsColour({}, {})).toBe(false)
})

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 100, ['one two three']],
  ['a extraordinary b', 5, ['a', 'extraordinary', 'b']],
  ['', 5, ['']],
])('%j in lines of %i is %j', (text, width, lines) => expect(wrapWords(text, width)).toEqual(lines))
