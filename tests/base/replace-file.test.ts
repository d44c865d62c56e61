import { once } from 'node:events'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { replaceFile, writeBeside } from '../../src/base/replace-file.ts'
import { modeOf, temporaryDirectory, underUmask } from '../config/temporary.ts'

test.each([0o000, 0o777])('a file is 0600 under umask %i', async (mask) => {
  const path = join(temporaryDirectory(), 'x.json')
  underUmask(mask)
  replaceFile(path, 'é\n')
  expect(await modeOf(path)).toBe('0600')
  expect(readFileSync(path, 'utf8')).toBe('é\n')
})

test('an open file is replaced by a private one', async () => {
  const path = join(temporaryDirectory(), 'x.json')
  writeFileSync(path, 'old')
  chmodSync(path, 0o666)
  replaceFile(path, 'new')
  expect(await modeOf(path)).toBe('0600')
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a link is replaced, and what it leads to is left alone', async () => {
  const top = temporaryDirectory()
  writeFileSync(join(top, 'victim'), 'safe')
  symlinkSync(join(top, 'victim'), join(top, 'x.json'))
  replaceFile(join(top, 'x.json'), 'new')
  expect(readFileSync(join(top, 'victim'), 'utf8')).toBe('safe')
  expect(lstatSync(join(top, 'x.json')).isFile()).toBe(true)
})

test('a reader never sees a part, whoever else writes, and no temporary name is left', async () => {
  const top = temporaryDirectory()
  const path = join(top, 'x.json')
  replaceFile(path, '0'.repeat(100_000))
  const writers = [1, 2].map((digit) => writer(path, String(digit)))
  const done = Promise.all(writers.map((one) => once(one, 'exit')))
  const seen = new Set<string>()
  let pending = true
  void done.finally(() => {
    pending = false
  })
  while (pending) {
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/^(\d)\1{99999}$/)
    seen.add(text)
    await new Promise(setImmediate)
  }
  expect(await done).toEqual([[0], [0]])
  expect(seen.size).toBeGreaterThan(1)
  expect(readdirSync(top)).toEqual(['x.json'])
})

test('a failed write is told and leaves nothing behind', () => {
  const top = temporaryDirectory()
  mkdirSync(join(top, 'x.json'))
  writeFileSync(join(top, 'file'), '')
  const coded = (code: string) => expect.objectContaining({ code })
  expect(() => replaceFile(join(top, 'x.json'), 'new')).toThrow(coded('EISDIR'))
  expect(() => replaceFile(join(top, 'none', 'x.json'), 'new')).toThrow(coded('ENOENT'))
  expect(() => replaceFile(join(top, 'file', 'x.json'), 'new')).toThrow(coded('ENOTDIR'))
  expect(readdirSync(top)).toEqual(['file', 'x.json'])
})

test('the first half of it leaves the file as it is, and a whole one of its own beside it', async () => {
  const top = temporaryDirectory()
  const path = join(top, 'x.json')
  replaceFile(path, 'old')
  const beside = writeBeside(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readFileSync(beside, 'utf8')).toBe('new')
  expect(await modeOf(beside)).toBe('0600')
  expect(dirname(beside)).toBe(top)
})

/** Replaces a file 300 times, in a thread of its own. */
function writer(path: string, digit: string): Worker {
  const url = new URL('../../src/base/replace-file.ts', import.meta.url)
  const code = `
    const { workerData } = require('node:worker_threads')
    import(workerData.url).then(({ replaceFile }) => {
      for (let time = 0; time < 300; time += 1) replaceFile(workerData.path, workerData.digit.repeat(100_000))
    })`
  return new Worker(code, { eval: true, workerData: { url: url.href, path, digit } })
}
