import { expect, test } from 'vitest'
import { questionText, readVerdict } from '../../src/domain/approval.ts'

test.each([
  [120, "Allow this action? Use 't' to trust writing a.ts, for this session. [y/n/t]: "],
  [60, "Allow this action? Use 't' to trust writing a.ts, for\nthis session. [y/n/t]: "],
  [74, "Allow this action? Use 't' to trust writing a.ts, for this session.\n[y/n/t]: "],
])('the question breaks no word in a window of %i columns', (columns, words) => {
  expect(questionText('writing a.ts', columns)).toBe(words)
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
