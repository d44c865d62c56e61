import { expect, test } from 'vitest'
import { laterArguments } from '../../src/agents/later-arguments.ts'

const begins = { '--resume': 'perhaps', '--session': 1, '-c': 0 } as const

test.each([
  [
    ['--model', 'x', '-c'],
    ['--model', 'x'],
  ],
  [
    ['--session', 'id', '--model', 'x'],
    ['--model', 'x'],
  ],
  [['--session=id', 'dir'], ['dir']],
  [['--resume', 'id', '-v'], ['-v']],
  [['--resume', '-v'], ['-v']],
  [['--resume'], []],
  [['--session'], []],
  [
    ['--sessions', '--constructor', 'a=b'],
    ['--sessions', '--constructor', 'a=b'],
  ],
])('of %j a later start has %j', (args, kept) => {
  expect(laterArguments(args, { begins })).toEqual(kept)
})

const flags = { '--model': 1, '-v': 0 } as const

test.each([
  [['fix the bug'], []],
  [
    ['--model', 'x', 'fix the bug'],
    ['--model', 'x'],
  ],
  [['--model=x', 'fix the bug'], ['--model=x']],
  [
    ['-v', 'fix', '--model', 'x'],
    ['-v', '--model', 'x'],
  ],
  // What is not known may take any number of words.
  [
    ['--tools', 'Bash', 'Edit', '-v', 'fix'],
    ['--tools', 'Bash', 'Edit', '-v'],
  ],
  [['-v', '--', '--model', 'x'], ['-v']],
  [['-c', 'fix'], []],
  [
    ['--constructor', 'a'],
    ['--constructor', 'a'],
  ],
])('of %j, where a word may be a prompt, a later start has %j', (args, kept) => {
  expect(laterArguments(args, { begins, flags })).toEqual(kept)
})

test('of an agent that takes no prompt so, every word is kept', () => {
  expect(laterArguments(['dir', '--', 'x'], { begins })).toEqual(['dir', '--', 'x'])
})
