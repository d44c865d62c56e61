import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fsRead } from '../../src/tools/fs-read.ts'
import { fsWrite } from '../../src/tools/fs-write.ts'
import { glob } from '../../src/tools/glob.ts'
import { grep } from '../../src/tools/grep.ts'
import { decide, hiddenPaths, type Trust } from '../../src/tools/policy/policy.ts'
import { parseRule, type RuleList } from '../../src/tools/policy/rules/rules.ts'
import { context, project, ready } from './harness.ts'

const trust = (cwd: string, lists: Partial<Record<RuleList, string[]>>): Trust => ({
  cwd,
  granted: [],
  all: false,
  allow: (lists.allow ?? []).map((text) => parseRule(text, cwd, 'allow')),
  deny: (lists.deny ?? []).map((text) => parseRule(text, cwd, 'deny')),
})

async function reading(cwd: string, path: string, lists: Parameters<typeof trust>[1], mode = 'Line') {
  const { claim } = await ready(fsRead(), { operations: [{ mode, path }] }, { cwd })
  return decide(claim, trust(cwd, lists)).type
}

async function writing(cwd: string, path: string, lists: Parameters<typeof trust>[1]) {
  const { claim } = await ready(fsWrite(), { command: 'create', path, file_text: 'new' }, { cwd })
  return decide(claim, trust(cwd, lists)).type
}

/** A project in a directory of that name, beside `files` of others. */
function inside(name: string, files: Record<string, string>): string {
  const root = project(files)
  const cwd = join(root, name)
  mkdirSync(cwd, { recursive: true })
  return cwd
}

describe('the working directory is no part of the pattern', () => {
  test.each(['proj[1]', 'app {a,b} [x]', 'a*b', 'what?', 'back\\slash', '{x', '**', '[!a]'])(
    '%s',
    async (name) => {
      const cwd = inside(name, { 'proj1/src/a': '', 'app a x/src/a': '', 'aXb/src/a': '', 'b/src/a': '' })
      for (const path of ['.env', 'sub/.env', 'src/a']) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true })
        writeFileSync(join(cwd, path), 'x')
      }
      for (const deny of [['fs_read(**/.env)'], ['fs_read(.env)', 'fs_read(sub/.env)']]) {
        expect(await reading(cwd, '.env', { deny })).toBe('refuse')
        expect(await reading(cwd, 'sub/.env', { deny })).toBe('refuse')
        expect(await reading(cwd, 'src/a', { deny })).toBe('run')
      }
      const allow = ['fs_write(src/**)']
      expect(await writing(cwd, 'src/b', { allow })).toBe('run')
      for (const sibling of ['proj1', 'app a x', 'aXb', 'b'])
        expect(await writing(cwd, `../${sibling}/src/b`, { allow })).toBe('ask')
    },
  )
})

describe('links', () => {
  const files = { 'p/config/env.local': 'x', 'p/plain': 'x', 'elsewhere/key': 'x', 'p/src/a': 'x' }
  const linked = (links: Record<string, string>) => {
    const cwd = join(project(files), 'p')
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(cwd, path))
    return cwd
  }

  test('a deny rule means the name that was asked for, the real one, and each between', async () => {
    const cwd = linked({ '.env': 'config/env.local', notes: '.env', deep: '../p/notes' })
    const deny = ['fs_read(**/.env)']
    for (const path of ['.env', 'notes', 'deep', './src/../.env'])
      expect(await reading(cwd, path, { deny })).toBe('refuse')
    expect(await reading(cwd, 'plain', { deny })).toBe('run')
    expect(await reading(cwd, 'config/env.local', { deny: ['fs_read(.env)'] })).toBe('refuse')
    expect(await writing(cwd, 'notes', { deny: ['fs_write(.env)'] })).toBe('refuse')
  })

  test('a directory that is a link is denied under both names, and below', async () => {
    const cwd = linked({ secrets: '../elsewhere', other: '../elsewhere' })
    for (const deny of [
      ['fs_read(secrets/**)'],
      ['fs_read(secrets)'],
      ['fs_read(secrets/)'],
      ['grep(secrets/*)'],
    ])
      for (const path of ['secrets/key', '../elsewhere/key', 'other/key'])
        expect(await reading(cwd, path, { deny }), `${deny} ${path}`).toBe('refuse')
    expect(await writing(cwd, 'secrets/new', { deny: ['fs_write(secrets/**)'] })).toBe('refuse')
    expect(await writing(cwd, 'secrets/a/b/new', { deny: ['fs_write(../elsewhere/**)'] })).toBe('refuse')
    expect(await writing(cwd, '../elsewhere/new', { deny: ['fs_write(secrets/**)'] })).toBe('refuse')
  })

  test('an allow rule trusts a path only where the name and the place are meant', async () => {
    const links = { 'src/out': '../../elsewhere', data: '../elsewhere', 'src/plain': '../plain', way: 'src' }
    const cwd = linked(links)
    const allow = ['fs_write(src/**)']
    expect(await writing(cwd, 'src/out/key', { allow })).toBe('ask')
    expect(await writing(cwd, 'src/plain', { allow })).toBe('ask')
    expect(await writing(cwd, 'src/b', { allow })).toBe('run')
    expect(await writing(cwd, 'way/b', { allow })).toBe('ask')
    expect(await writing(cwd, 'data/key', { allow: ['fs_write(data/**)'] })).toBe('run')
    expect(await writing(cwd, '../elsewhere/key', { allow: ['fs_write(data/**)'] })).toBe('run')
    expect(await reading(cwd, 'data/key', { allow: ['fs_read(../elsewhere/*)'] })).toBe('ask')
  })

  test('searches and listings leave out what is denied, by whichever way they came', async () => {
    const cwd = linked({ way: '../elsewhere' })
    const found = async (path: string, deny: string[]) => {
      const place = { cwd, hidden: hiddenPaths(trust(cwd, { deny }), 'glob') }
      const results = [
        await ready(glob(), { pattern: '**', path }, place),
        await ready(grep(), { pattern: 'x', path }, place),
        await ready(fsRead(), { operations: [{ mode: 'Directory', path, depth: 3 }] }, place),
      ]
      const contents = await Promise.all(results.map((one) => one.run(context())))
      return contents.map(({ content }) => content.includes('key'))
    }
    expect(await found('way', [])).toEqual([true, true, true])
    expect(await found('way', ['fs_read(way/key)'])).toEqual([false, false, false])
    expect(await found('way', ['fs_read(../elsewhere/k*)'])).toEqual([false, false, false])
    expect(await found('way', ['fs_read(**/way/*)'])).toEqual([false, false, false])
    expect(await found('..', ['grep(way)'])).toEqual([false, false, false])
  })
})

test('a leading ** is anywhere on the disk where it denies, and below the working directory where it allows', async () => {
  const root = project({ 'p/a': 'x', 'other/.env': 'x', 'p/sub/.env': 'x' })
  const cwd = join(root, 'p')
  for (const path of ['../other/.env', join(root, 'other/.env'), 'sub/.env'])
    expect(await reading(cwd, path, { deny: ['fs_read(**/.env)'] })).toBe('refuse')
  expect(await reading(cwd, '../other/.env', { deny: ['fs_read(./**/.env)'] })).toBe('ask')
  expect(await writing(cwd, 'sub/.env', { allow: ['fs_write(**/.env)'] })).toBe('run')
  expect(await writing(cwd, '../other/.env', { allow: ['fs_write(**/.env)'] })).toBe('ask')
  expect(await writing(cwd, '../other/.env', { deny: ['fs_write({**/.env,x})'] })).toBe('refuse')
})

test('cases, doubled and trailing slashes, and dots between them change nothing about a deny rule', async () => {
  const cwd = project({ '.ENV': 'x', 'Secrets/a': 'x', 'sub/deep/.env': 'x' })
  expect(await reading(cwd, '.ENV', { deny: ['fs_read(**/.env)'] })).toBe('refuse')
  expect(await reading(cwd, 'Secrets/a', { deny: ['fs_read(secrets/)'] })).toBe('refuse')
  for (const rule of ['sub//deep/.env', './sub/./deep/.env', 'sub/x/../deep/.env', `${cwd}//sub/**`, 'sub/'])
    for (const path of ['sub/deep/.env', 'sub//deep/./.env', './sub/deep/../deep/.env'])
      expect(await reading(cwd, path, { deny: [`fs_read(${rule})`] }), rule).toBe('refuse')
  expect(await writing(cwd, 'SUB/a', { allow: ['fs_write(sub/**)'] })).toBe('ask')
})

test('a search or a listing is trusted only where all that it shows is meant', async () => {
  const root = project({ 'p/a': 'x', 'out/sub/key': 'x' })
  const cwd = join(root, 'p')
  const searching = async (path: string, allow: string[]) => {
    const { claim } = await ready(grep(), { pattern: 'x', path }, { cwd })
    return decide(claim, trust(cwd, { allow })).type
  }
  expect(await searching('../out', ['grep(../out/**)'])).toBe('run')
  expect(await searching('../out', ['grep(../out)'])).toBe('run')
  expect(await searching('../out/sub', ['grep(../out/*)'])).toBe('ask')
  expect(await searching('../out/sub', ['grep(../out/**/*)'])).toBe('ask')
  expect(await reading(cwd, '../out/sub', { allow: ['fs_read(../out/*)'] }, 'Directory')).toBe('ask')
  expect(await reading(cwd, '../out/sub', { allow: ['fs_read(../out/)'] }, 'Directory')).toBe('run')
})
