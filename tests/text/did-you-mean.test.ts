import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/text/did-you-mean.ts'

const names = ['s3-debug', 'lambda-deploy', 'api-refactor', 'dev-1', 'dev-2']
const flags = ['--json', '--all', '--workspace', '--socket']

test.each([
  ['s3-debgu', 's3-debug'],
  ['s3 debug', 's3-debug'],
  ['S3_DEBUG', 's3-debug'],
  ['s3-debug-2', 's3-debug'],
  ['lamdba-deploy', 'lambda-deploy'],
  ['lambda', 'lambda-deploy'],
  ['dev1', 'dev-1'],
])('%s was meant to be %s', (word, meant) => expect(nearest(word, names)).toBe(meant))

test.each([
  ['--jsn', '--json'],
  ['--work', '--workspace'],
  ['--al', '--all'],
  ['--lal', '--all'],
])('%s was meant to be %s', (word, meant) => expect(nearest(word, flags)).toBe(meant))

test.each(['zebra', '', '  ', 'ab', 's3-debug'.repeat(20)])('%j is near to nothing', (word) => {
  expect(nearest(word, names)).toBeUndefined()
  expect(didYouMean(word, names)).toBeUndefined()
})

test('where several begin so, the nearest counts, and the first of those that are as near', () => {
  expect(nearest('dev', names)).toBeUndefined()
  expect(nearest('dev-', names)).toBe('dev-1')
  expect(nearest('x', [])).toBeUndefined()
})

test('the words are those of a hint', () => {
  expect(didYouMean('s3-debgu', names)).toBe('did you mean "s3-debug"?')
})
