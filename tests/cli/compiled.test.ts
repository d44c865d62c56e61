import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const caches = () => join(lab.home, '.cache')
const folder = () => join(caches(), 'q-mux')
const runs = async () => expect((await lab.q(['--version'])).code).toBe(0)

test('compiled code is kept for the next start, for its owner only', async () => {
  await runs()
  expect(readdirSync(folder())).toHaveLength(1)
  for (const name of ['', ...readdirSync(folder())])
    expect(statSync(join(folder(), name)).mode & 0o077, name).toBe(0)
})

test('compiled code is not taken from where others could have put it', async () => {
  mkdirSync(folder(), { recursive: true })
  chmodSync(folder(), 0o777)
  await runs()
  expect(readdirSync(folder())).toEqual([])
})

test('compiled code is not taken through a link', async () => {
  const elsewhere = join(lab.home, 'elsewhere')
  mkdirSync(elsewhere)
  mkdirSync(caches())
  symlinkSync(elsewhere, folder())
  await runs()
  expect(readdirSync(elsewhere)).toEqual([])
})

test.each([
  ['a file in its way', (path: string) => writeFileSync(path, '')],
  ['a link that leads nowhere', (path: string) => symlinkSync('caches', path)],
])('with %s in place of the caches it starts all the same', async (_, put) => {
  const path = join(lab.home, 'caches')
  put(path)
  const result = await lab.q(['--version'], { env: { XDG_CACHE_HOME: path } })
  expect(result).toMatchObject({ code: 0, stderr: '' })
})
