import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { isTimed, testFiles } from '../repeat/timed.ts'
import { root } from '../repeat/vitest.ts'
import { endChildren, startChild } from '../support/child.ts'
import { processesWith } from '../support/leftovers.ts'
import { until } from '../support/until.ts'

afterEach(endChildren)

const program = new URL('../repeat/run.ts', import.meta.url)

test('which files touch time, terminals or processes is seen from what they and their helpers import', () => {
  const files = testFiles(root)
  const timed = files.filter((file) => isTimed(root, file))
  expect(files).toContain('tests/package/repeat.test.ts')
  for (const file of ['worker/signals', 'terminal/question', 'provider/bedrock-faults', 'workspace/ssh'])
    expect(timed).toContain(`tests/${file}.test.ts`)
  for (const file of ['domain/history', 'render/renderer', 'config/load'])
    expect(timed).not.toContain(`tests/${file}.test.ts`)
})

test('the files that are named run so many times beside busy processes, which end with it', async () => {
  const child = startChild(program, ['--times', '2', 'text/did-you-mean'])
  const busy = () =>
    processesWith(fileURLToPath(new URL('busy.ts', program))).filter(({ parent }) => parent === child.pid)
  await until(() => busy().length > 0, { what: 'the busy processes' })
  expect(await child.ended, child.errors()).toBe(0)
  expect(child.lines.filter((line) => /^\d of 2, .*: \d+ passed, 0 failed/.test(line))).toHaveLength(2)
  expect(child.lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/)
  expect(busy()).toEqual([])
})

test('an interrupted run says how far it came and ends its busy processes', async () => {
  const child = startChild(program, ['--times', '100', 'text/did-you-mean'])
  const busy = () =>
    processesWith(fileURLToPath(new URL('busy.ts', program))).filter(({ parent }) => parent === child.pid)
  await until(() => busy().length > 0, { what: 'the busy processes' })
  const pids = busy().map(({ pid }) => pid)
  expect(await child.kill('SIGTERM')).toBe(130)
  expect(child.lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/)
  await until(() => !processesWith('busy.ts').some(({ pid }) => pids.includes(pid)))
})

test.each([
  [['no-such-file'], 'there is no test file no-such-file'],
  [['--times', 'often'], '--times often is no number of times'],
  [['--sometimes'], "Unknown option '--sometimes'"],
])('%j says how it is used and ends with 2', async (words, said) => {
  const child = startChild(program, words)
  expect(await child.ended).toBe(2)
  expect(child.errors()).toContain(said)
  expect(child.errors()).toContain('usage: npm run test:repeat -- [--times N] [FILE…]')
})
