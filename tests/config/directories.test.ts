import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ensurePrivateDirectory, ensureRuntime } from '../../src/config/paths/directories.ts'
import { pathsFor } from '../../src/config/paths/paths.ts'
import { modeOf, temporaryDirectory, underUmask, userErrorOf } from './temporary.ts'

const nobody = 65534

function runtimeIn(tmpdir: string) {
  return pathsFor({ HOME: '/h' }, 'q', { uid: 501, tmpdir })
}

test.each([0o000, 0o022, 0o777])('missing levels are made 0700 under umask %i', async (mask) => {
  const top = temporaryDirectory()
  underUmask(mask)
  await ensurePrivateDirectory(join(top, 'a', 'b', 'c'))
  for (const path of ['a', 'a/b', 'a/b/c']) expect(await modeOf(join(top, path))).toBe('0700')
})

test('a directory of ours that is too open is closed, what lies in it and above it is left', async () => {
  const top = temporaryDirectory()
  const path = join(top, 'open')
  mkdirSync(path)
  writeFileSync(join(path, 'x'), '')
  chmodSync(path, 0o777)
  chmodSync(top, 0o755)
  await ensurePrivateDirectory(path)
  expect(await modeOf(path)).toBe('0700')
  expect(await modeOf(top)).toBe('0755')
  expect(readdirSync(path)).toEqual(['x'])
})

test('ten at once make one directory', async () => {
  const path = join(temporaryDirectory(), 'a', 'b', 'c')
  await Promise.all(Array.from({ length: 10 }, () => ensurePrivateDirectory(path)))
  expect(await modeOf(path)).toBe('0700')
})

describe('a directory that is not ours alone is refused', () => {
  test.each([
    [
      'a link to a directory',
      (path: string) => symlinkSync(temporaryDirectory(), path),
      'is a symbolic link',
    ],
    ['a link to nothing', (path: string) => symlinkSync('/none/such', path), 'is a symbolic link'],
    ['a file', (path: string) => writeFileSync(path, ''), 'is not a directory'],
  ])('%s', async (_, make, words) => {
    const path = join(temporaryDirectory(), 'it')
    make(path)
    const error = await userErrorOf(() => ensurePrivateDirectory(path))
    expect(error.message).toContain(`${path} ${words}`)
    expect(error.hint).toContain(`ls -ld ${path}`)
  })

  test.skipIf(process.getuid?.() !== 0)("somebody else's", async () => {
    const path = join(temporaryDirectory(), 'it')
    mkdirSync(path, 0o700)
    chownSync(path, nobody, nobody)
    const error = await userErrorOf(() => ensurePrivateDirectory(path))
    expect(error.message).toContain(`${path} belongs to another user (uid ${nobody})`)
  })

  test('one below a file', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    const error = await userErrorOf(() => ensurePrivateDirectory(join(file, 'a', 'b')))
    expect(error.message).toContain('cannot be made: ENOTDIR')
  })

  test('one below a link to nothing', async () => {
    const link = join(temporaryDirectory(), 'link')
    symlinkSync('/none/such', link)
    const error = await userErrorOf(() => ensurePrivateDirectory(join(link, 'a')))
    expect(error.message).toContain('cannot be made: ENOENT')
  })
})

test('the runtime directories are all made, each private', async () => {
  const paths = runtimeIn(temporaryDirectory())
  underUmask(0)
  await ensureRuntime(paths)
  await ensureRuntime(paths)
  for (const path of [paths.tmuxKeysDir, paths.runtimeDir, paths.statusDir, paths.workersDir]) {
    expect(await modeOf(path)).toBe('0700')
  }
})

describe('the runtime is refused when the level that all workspaces share', () => {
  test('is a link', async () => {
    const top = temporaryDirectory()
    const elsewhere = temporaryDirectory()
    symlinkSync(elsewhere, join(top, 'q-mux-501'))
    const error = await userErrorOf(() => ensureRuntime(runtimeIn(top)))
    expect(error.message).toContain(`${join(top, 'q-mux-501')} is a symbolic link`)
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)("is somebody else's", async () => {
    const top = temporaryDirectory()
    const shared = join(top, 'q-mux-501')
    mkdirSync(shared, 0o777)
    chownSync(shared, nobody, nobody)
    const error = await userErrorOf(() => ensureRuntime(runtimeIn(top)))
    expect(error.message).toContain(`${shared} belongs to another user`)
    expect(readdirSync(shared)).toEqual([])
  })
})
