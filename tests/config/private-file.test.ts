import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writePrivateFile } from '../../src/config/paths/private-file.ts'
import { modeOf, temporaryDirectory, underUmask } from './temporary.ts'

test.each([0o000, 0o777])('a file is 0600 under umask %i', async (mask) => {
  const path = join(temporaryDirectory(), 'x.json')
  underUmask(mask)
  await writePrivateFile(path, 'é\n')
  expect(await modeOf(path)).toBe('0600')
  expect(readFileSync(path, 'utf8')).toBe('é\n')
})

test('an open file is replaced by a private one', async () => {
  const path = join(temporaryDirectory(), 'x.json')
  writeFileSync(path, 'old')
  chmodSync(path, 0o666)
  await writePrivateFile(path, 'new')
  expect(await modeOf(path)).toBe('0600')
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a link is replaced, and what it leads to is left alone', async () => {
  const top = temporaryDirectory()
  writeFileSync(join(top, 'victim'), 'safe')
  symlinkSync(join(top, 'victim'), join(top, 'x.json'))
  await writePrivateFile(join(top, 'x.json'), 'new')
  expect(readFileSync(join(top, 'victim'), 'utf8')).toBe('safe')
  expect(lstatSync(join(top, 'x.json')).isFile()).toBe(true)
})

test('a reader never sees a part, whoever else writes, and no temporary name is left', async () => {
  const top = temporaryDirectory()
  const path = join(top, 'x.json')
  const texts = Array.from({ length: 20 }, (_, n) => String(n % 10).repeat(100_000))
  await writePrivateFile(path, texts[0] ?? '')
  const writes = Promise.all(texts.map((text) => writePrivateFile(path, text)))
  let pending = true
  const done = writes.finally(() => {
    pending = false
  })
  while (pending) {
    expect(readFileSync(path, 'utf8')).toMatch(/^(\d)\1{99999}$/)
    await new Promise(setImmediate)
  }
  await done
  expect(readdirSync(top)).toEqual(['x.json'])
})

test('a failed write is told and leaves nothing behind', async () => {
  const top = temporaryDirectory()
  mkdirSync(join(top, 'x.json'))
  await expect(writePrivateFile(join(top, 'x.json'), 'new')).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(writePrivateFile(join(top, 'none', 'x.json'), 'new')).rejects.toMatchObject({ code: 'ENOENT' })
  expect(readdirSync(top)).toEqual(['x.json'])
})
