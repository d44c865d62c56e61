import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { programRunner } from '../../src/worker/signals/run-program.ts'
import { processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'q-run-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const env = () => ({ PATH: process.env.PATH, HOME: home })
const never = new AbortController().signal
/** Both it and what it started would go on for a minute. */
const hangs = ['-c', 'sleep 60 & sleep 60']

test('a program that takes too long is ended with all that it started, and that is said', async () => {
  const failure = await programRunner(env, never, 200)('sh', hangs, {})
  expect(failure).toBe('took longer than 0.2 s, and was ended')
  await until(() => processesOf(home).length === 0)
})

test('what still runs when the session ends, ends with it', async () => {
  const session = new AbortController()
  const ended = programRunner(env, session.signal)('sh', hangs, {})
  await until(() => processesOf(home).length >= 3)
  session.abort()
  expect(await ended).toBe('was ended by SIGKILL')
  await until(() => processesOf(home).length === 0)
})

test.each([
  ['no-such-program', [], 'was not found'],
  ['sh', ['-c', 'exit 3'], 'ended with exit status 3'],
  ['sh', ['-c', 'kill -TERM $$'], 'was ended by SIGTERM'],
  ['sh', ['-c', 'exit 0'], undefined],
])('%s %j: %s', async (program, words, failure) => {
  expect(await programRunner(env, never)(program, words, {})).toBe(failure)
})

test('a file that is no program is a failure, not an error', async () => {
  const file = join(home, 'text')
  writeFileSync(file, 'no program', { mode: 0o600 })
  expect(await programRunner(env, never)(file, [], {})).toMatch(/^cannot be run: .*EACCES/)
})

test('words and facts arrive as they are', async () => {
  const out = join(home, 'out')
  const words = ['-c', `printf '%s|' "$@" "$Q_DETAIL" > ${out}`, 'sh', '$(touch x)', '', 'a;b', "it's"]
  expect(await programRunner(env, never)('sh', words, { Q_DETAIL: '`id` "x"' })).toBeUndefined()
  expect(existsSync(out) && readFileSync(out, 'utf8')).toBe('$(touch x)||a;b|it\'s|`id` "x"|')
})
