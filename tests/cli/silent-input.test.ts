import { spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStandardInput } from '../../src/terminal/standard-input.ts'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const words = 'waiting for standard input, which is open and silent; end it with Ctrl-D, or add </dev/null'

/** A clock that a test turns. */
function clock() {
  const said: string[] = []
  const due = new Set<{ ms: number; done(): void }>()
  return {
    said,
    waits: () => [...due].map(({ ms }) => ms),
    pass: () => {
      for (const { done } of due) done()
    },
    after(ms: number, done: () => void) {
      const one = { ms, done }
      due.add(one)
      return () => void due.delete(one)
    },
    say: (line: string) => void said.push(line),
  }
}

test('an input that is open and silent for 2 s is said once, and read all the same', async () => {
  const time = clock()
  const input = new PassThrough()
  const read = readStandardInput(input, time)
  expect(time.waits()).toEqual([2000])
  time.pass()
  expect(time.said).toEqual([`q: ${words}`])
  input.write(Buffer.from('é').subarray(0, 1))
  input.end(Buffer.from('é').subarray(1))
  expect(await read).toBe('é')
})

test('an input that speaks or ends in time is not spoken of', async () => {
  const time = clock()
  const input = new PassThrough()
  const read = readStandardInput(input, time)
  input.write('text')
  await until(() => time.waits().length === 0)
  time.pass()
  input.end()
  expect(await read).toBe('text')
  const ended = clock()
  const empty = new PassThrough()
  empty.end()
  expect(await readStandardInput(empty, ended)).toBe('')
  expect([ended.waits(), ended.said]).toEqual([[], []])
})

test.each([
  ['chat', 'say hello'],
  ['mux', 'send', 'dev-1', '-'],
  ['mux', 'deny', 'dev-1', '-'],
  ['name', '-'],
])('q %s %s waits for a silent pipe aloud', async (...verb) => {
  await lab.q(['mux', '--detach'])
  const child = spawn(process.execPath, [entry, ...verb], { env: lab.env, cwd: lab.home })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  await until(() => stderr.includes(words))
  child.stdin.end()
  await closed
  expect(stderr.split(words)).toHaveLength(2)
})
