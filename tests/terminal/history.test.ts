import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHistory } from '../../src/terminal/editor/line-history.ts'
import { looksSecret } from '../../src/terminal/editor/secret-lines.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'q-history-'))
  file = join(directory, 'history')
})
afterEach(() => rmSync(directory, { recursive: true }))

const at = (path: string, now = Date.now) => ({ path, now })

test('what one worker keeps, another one finds, also several lines and what is not ASCII', () => {
  const [one, other] = [openHistory(at(file)), openHistory(at(file))]
  expect(other.entries()).toEqual([])
  one.add('first')
  other.add('two\nlines "日本"')
  expect(one.entries()).toEqual(['first', 'two\nlines "日本"'])
  expect(other.entries()).toEqual(one.entries())
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a file that others could read becomes private, and a link is not followed', () => {
  writeFileSync(file, '', { mode: 0o644 })
  openHistory(at(file)).add('x')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  symlinkSync(file, join(directory, 'link'))
  expect(() => openHistory(at(join(directory, 'link'))).add('y')).toThrow(/ELOOP/)
})

test('a leading space, nothing, a whole document and secrets are not kept', () => {
  const history = openHistory(at(file))
  for (const text of [' x', '', '  ', 'x'.repeat(100_000), 'use AKIAIOSFODNN7EXAMPLE']) history.add(text)
  expect(history.entries()).toEqual([])
})

test('what looks like a secret', () => {
  const secret = [
    'AWS_SECRET_ACCESS_KEY=x',
    'aws_secret = "x"',
    '-----BEGIN RSA PRIVATE KEY-----',
    'key sk-abcdefghijklmnop',
    'curl -H "Authorization: Bearer abcdefgh.ijkl"',
    'ghp_abcdefghijkl',
    'password=hunter2',
  ]
  const plain = ['fix the sk-button', 'explain bearer tokens', 'what is a secret manager', 'BEGIN the work']
  expect(secret.filter((text) => !looksSecret(text))).toEqual([])
  expect(plain.filter(looksSecret)).toEqual([])
})

test('broken lines are left out', () => {
  appendFileSync(file, '"good"\n"torn\n{"a":1}\n\n"also good"\n\u0000\u00ff\n')
  expect(openHistory(at(file)).entries()).toEqual(['good', 'also good'])
})

test('the last 2,000 count, and a file that grew to twice as many is shortened', () => {
  appendFileSync(file, Array.from({ length: 4500 }, (_, index) => `"line ${index}"\n`).join(''))
  const entries = openHistory(at(file)).entries()
  expect([entries.length, entries[0], entries.at(-1)]).toEqual([2000, 'line 2500', 'line 4499'])
  expect(readFileSync(file, 'utf8').split('\n').length).toBe(2001)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a shortening that was cut off keeps others from it for a minute, and then no more', () => {
  appendFileSync(file, Array.from({ length: 4500 }, (_, index) => `"line ${index}"\n`).join(''))
  const lines = () => readFileSync(file, 'utf8').split('\n').length
  writeFileSync(`${file}.tmp`, '')
  const later = (seconds: number) => openHistory(at(file, () => Date.now() + seconds * 1000)).entries()
  later(30)
  expect([lines(), existsSync(`${file}.tmp`)]).toEqual([4501, true])
  later(90)
  expect([lines(), existsSync(`${file}.tmp`)]).toEqual([4501, false])
  later(90)
  expect([lines(), existsSync(`${file}.tmp`)]).toEqual([2001, false])
})

test('several workers append and shorten at once, and no line is lost or cut', async () => {
  appendFileSync(file, Array.from({ length: 3900 }, (_, index) => `"old ${index}"\n`).join(''))
  const module = new URL('../../src/terminal/editor/line-history.ts', import.meta.url).href
  const code = `
    const { openHistory } = await import(${JSON.stringify(module)})
    const { workerData: { file, number } } = await import('node:worker_threads')
    const history = openHistory({ path: file, now: Date.now })
    for (let line = 0; line < 100; line++) { history.add(number + ':' + line); if (line % 10 === 0) history.entries() }`
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
  await Promise.all(
    [0, 1, 2, 3, 4].map(
      (number) =>
        new Promise((resolve, reject) => {
          new Worker(url, { workerData: { file, number } }).on('error', reject).on('exit', resolve)
        }),
    ),
  )
  const kept = new Set(openHistory(at(file)).entries())
  const missing = [0, 1, 2, 3, 4].flatMap((number) =>
    Array.from({ length: 100 }, (_, line) => `${number}:${line}`).filter((line) => !kept.has(line)),
  )
  expect(missing).toEqual([])
  const whole = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(whole.filter((line) => !/^"(old \d+|\d:\d+)"$/.test(line))).toEqual([])
  expect(whole.length).toBeLessThan(4000)
})
