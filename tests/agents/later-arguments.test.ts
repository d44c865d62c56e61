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
