import { expect, test } from 'vitest'
import { questionRows, readVerdict, thisCommand } from '../../src/domain/approval.ts'

test.each([
  [
    120,
    [
      "Allow this action? Use 't' to trust this very command line, in this directory, for this session. [y/n/t]: ",
    ],
  ],
  [
    80,
    [
      "Allow this action? Use 't' to trust this very command line, in this",
      'directory, for this session. [y/n/t]: ',
    ],
  ],
])('the question breaks no word in a window of %i columns', (columns, rows) => {
  expect(questionRows(thisCommand, columns)).toEqual(rows)
})

test('no row of the question begins with words that are not ours: they are said elsewhere then', () => {
  const whole = "Allow this action? Use 't' to trust writing a.ts, for this session. [y/n/t]: "
  expect(questionRows('writing a.ts', 80)).toEqual([whole])
  expect(questionRows('writing a.ts', 74)).toBeUndefined()
  expect(questionRows(`writing ${'x '.repeat(40)}execute_bash: cat README.md`, 80)).toBeUndefined()
  expect(questionRows('writing 漢字漢字', 83)).toHaveLength(1)
  expect(questionRows('writing 漢字漢字', 82)).toBeUndefined()
})

test.each([
  [' y ', { type: 'approve' }],
  ['YES', { type: 'approve' }],
  ['t', { type: 'trust' }],
  ['n', { type: 'decline', text: '' }],
  ['', { type: 'decline', text: '' }],
  ['yes, but use npm', { type: 'decline', text: 'yes, but use npm' }],
  ['ty', { type: 'decline', text: 'ty' }],
])('%j is read as %j', (line, verdict) => {
  expect(readVerdict(line)).toEqual(verdict)
})
