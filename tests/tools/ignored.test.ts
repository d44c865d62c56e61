import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeReference, readPaths } from '../../src/sessions/files/path-files.ts'
import { fsRead } from '../../src/tools/fs-read.ts'
import { glob } from '../../src/tools/glob.ts'
import { grep } from '../../src/tools/grep.ts'
import { project, ready, refusal, run, shown } from './harness.ts'

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' })
const found = async (cwd: string, input: object) => (await run(glob(), input, { cwd })).content.split('\n')
const list = (path: string, more = {}) => ({ operations: [{ mode: 'Directory', path, ...more }] })

test('what .gitignore names is what git says, nested files, negations and the exclude file among it', async () => {
  const cwd = project({
    '.gitignore': '# comment\n*.log\n!keep.log\n/only-here\nbuild/\n\\#hash\n*.py[co]\ndocs/**/draft\nx y\n',
    'a.log': '',
    'keep.log': '',
    'only-here': '',
    'sub/only-here': '',
    'build/out': '',
    'sub/build/out': '',
    '#hash': '',
    'm.pyc': '',
    'docs/a/b/draft': '',
    'x y': '',
    'sub/.gitignore': '!*.log\nlocal\n/top\ndeep/er\n*.tmp\n',
    'sub/b.log': '',
    'sub/local': '',
    'sub/c/local': '',
    'sub/top': '',
    'sub/c/top': '',
    'sub/deep/er': '',
    'sub/c/deep/er': '',
    'sub/a.tmp': '',
    'pkg/.gitignore': '!build/\nbuild/secret\n',
    'pkg/build/kept': '',
    'pkg/build/secret': '',
    '[odd]/.gitignore': 'gone\n',
    '[odd]/gone': '',
    'o/gone': '',
    excluded: '',
  })
  git(cwd, 'init', '-q')
  writeFileSync(join(cwd, '.git/info/exclude'), 'excluded\n')
  const told = git(cwd, 'ls-files', '-z', '--others', '--exclude-standard').split('\0').filter(Boolean)
  const lines = await found(cwd, { pattern: '**' })
  expect(lines.slice(0, -1).sort()).toEqual(told.sort())
  expect(told).toContain('pkg/build/kept')
  expect(lines.at(-1)).toMatch(
    /^\[\d+ files and \d+ directories left out that \.gitignore names; include_ignored/,
  )
  expect(await found(cwd, { pattern: '*.pyc', include_ignored: true })).toEqual(['m.pyc'])
})

test('grep and listings leave it out, say so, and show it when asked; a path that is named is read', async () => {
  const cwd = project({
    '.gitignore': 'dist/\n*.log\n',
    'dist/app.js': 'needle',
    'a.log': 'needle',
    'a.ts': 'needle',
  })
  git(cwd, 'init', '-q')
  const place = { cwd }
  const notes = '\n[1 file and 1 directory left out that .gitignore names; include_ignored: true shows them]'
  expect((await run(grep(), { pattern: 'needle' }, place)).content).toBe(`a.ts:1: needle${notes}`)
  const all = { pattern: 'needle', include_ignored: true }
  expect((await run(grep(), all, place)).content).toBe(
    'a.log:1: needle\na.ts:1: needle\ndist/app.js:1: needle',
  )
  expect(shown(await ready(grep(), all, place))).toBe('search . for /needle/, ignored ones, too')
  expect((await run(fsRead(), list('.'), place)).content).toBe(`.gitignore 12\na.ts 6${notes}`)
  expect((await run(fsRead(), list('.', { include_ignored: true }), place)).content).toBe(
    '.gitignore 12\na.log 6\na.ts 6\ndist/',
  )
  for (const path of ['dist/app.js', 'a.log']) {
    const { content } = await run(fsRead(), { operations: [{ mode: 'Line', path }] }, place)
    expect(content).toBe('needle')
    expect((await run(grep(), { pattern: 'needle', path }, place)).content).toBe(`${path}:1: needle`)
  }
  expect(await found(cwd, { pattern: '*', path: 'dist' })).toEqual(['app.js'])
  expect((await run(fsRead(), list('dist'), place)).content).toBe('app.js 6')
  expect(await completeReference(cwd, undefined, '@')).toEqual(['@a.ts'])
  expect(await completeReference(cwd, undefined, '@dist/')).toEqual(['@dist/app.js'])
  expect((await readPaths('@dist/app.js', cwd, false))[0]?.attachment?.text).toBe('needle')
})

test('a .gitignore that names everything still lets what is named be read, and says how to see the rest', async () => {
  const cwd = project({ '.gitignore': '*\n', 'a.ts': 'x', 'd/b.ts': 'x' })
  git(cwd, 'init', '-q')
  expect((await found(cwd, { pattern: '*.ts' })).join('\n')).toMatch(
    /^No file matches\.\n\[2 files and 1 directory/,
  )
  expect(await found(cwd, { pattern: '*.ts', path: 'd' })).toEqual(['b.ts'])
  expect((await run(fsRead(), { operations: [{ mode: 'Line', path: 'a.ts' }] }, { cwd })).content).toBe('x')
})

test('rules above the repository do not count, those between its top and the directory do', async () => {
  const outer = project({
    '.gitignore': 'a.ts\n',
    'repo/.gitignore': 'b.ts\n',
    'repo/s/a.ts': '',
    'repo/s/b.ts': '',
  })
  git(join(outer, 'repo'), 'init', '-q')
  expect((await found(join(outer, 'repo/s'), { pattern: '*.ts' }))[0]).toBe('a.ts')
  expect(await found(join(outer, 'repo/s'), { pattern: 'b.ts' })).toEqual([
    'No file matches.',
    expect.any(String),
  ])
})

test('without a repository the files from the working directory down count; a link does not', async () => {
  const cwd = project({ '.gitignore': 'a.ts\n', 's/a.ts': '', 's/b.ts': '', 'l/b.ts': '', rules: 'b.ts\n' })
  symlinkSync('../rules', join(cwd, 'l/.gitignore'))
  expect((await found(cwd, { pattern: '*.ts', path: 's' }))[0]).toBe('b.ts')
  expect(await found(cwd, { pattern: '*.ts', path: 'l' })).toEqual(['b.ts'])
})

test('a worktree takes the exclude file of its repository', async () => {
  const cwd = project({ 'main/a.ts': '' })
  const main = join(cwd, 'main')
  git(main, 'init', '-q')
  git(main, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x')
  git(main, 'worktree', 'add', '-q', '../tree')
  writeFileSync(join(main, '.git/info/exclude'), 'b.ts\n')
  for (const name of ['a.ts', 'b.ts']) writeFileSync(join(cwd, 'tree', name), '')
  expect((await found(join(cwd, 'tree'), { pattern: '*' }))[0]).toBe('a.ts')
})

const endless = `${'**/a/'.repeat(12)}b\n`
const deep = `${'a/'.repeat(60)}c`

test.each([
  ['stars', `${'*a'.repeat(40)}b\n`, ''],
  ['directories at any depth', endless, 'takes too long'],
  ['a million rules', 'x\n'.repeat(500_000), 'too many or too long'],
  ['one endless rule', `${'[a-'.repeat(300_000)}\n`, 'too many or too long'],
])('a hostile .gitignore of %s costs a bounded time and is said', async (_what, rules, words) => {
  const long = 'a'.repeat(250)
  const cwd = project({ '.gitignore': rules, [long]: '', [deep]: '' })
  const { content, status } = await run(glob(), { pattern: '*' }, { cwd })
  expect(status).toBe('success')
  expect(content).toContain(`\n${long}\n${deep}`)
  expect(content).toContain(words)
})

test('a hostile .gitignore in each of many directories is asked a few times only', async () => {
  const files = Array.from({ length: 8 }, (_, index) => [
    [`d${index}/.gitignore`, endless],
    [`d${index}/${deep}`, ''],
  ])
  const cwd = project({ ...Object.fromEntries(files.flat()), 'z/.gitignore': 'x', 'z/x': '' })
  const { content } = await run(glob(), { pattern: '*' }, { cwd })
  expect(content.match(/takes too long/g)).toHaveLength(3)
  expect(content).toContain('no more of them count')
  expect(content).toContain('z/x')
})

test('names with brackets and braces that exist mean themselves, else they are patterns', async () => {
  const files = [
    'app/[slug]/page.tsx',
    'app/s/page.tsx',
    'app/(group)/page.tsx',
    'app/[...all]/page.tsx',
    'b/{a}/x.ts',
    'b/{a,b}.ts',
    'b/a.ts',
    'c/a.ts',
    'c/b.ts',
    'c/[id]/n1.ts',
    'd/a\\b.ts',
  ]
  const cwd = project(Object.fromEntries(files.map((name) => [name, 'x'])))
  const one = (pattern: string) => found(cwd, { pattern })
  expect(await one('app/[slug]/page.tsx')).toEqual(['app/[slug]/page.tsx'])
  expect(await one('app/[slug]/*.tsx')).toEqual(['app/[slug]/page.tsx'])
  expect(await one('app/[a-z]/page.tsx')).toEqual(['app/s/page.tsx'])
  expect(await one('app/(group)/page.tsx')).toEqual(['app/(group)/page.tsx'])
  expect(await one('**/[...all]/*')).toEqual(['app/[...all]/page.tsx'])
  expect(await one('b/{a}/*.ts')).toEqual(['b/{a}/x.ts'])
  expect(await one('b/{a,b}.ts')).toEqual(['b/{a,b}.ts'])
  expect(await one('c/{a,b}.ts')).toEqual(['c/a.ts', 'c/b.ts'])
  expect(await one('c/[id]/n[0-9].ts')).toEqual(['c/[id]/n1.ts'])
  expect(await one('d/a\\b.ts')).toEqual(['d/a\\b.ts'])
  expect(await one('c/\\[id\\]/n1.ts')).toEqual(['c/[id]/n1.ts'])
  const include = async (words: string) =>
    (await run(grep(), { pattern: 'x', include: words }, { cwd })).content.split('\n')
  expect(await include('app/[slug]/page.tsx')).toEqual(['app/[slug]/page.tsx:1: x'])
  expect(await include('{a,b}.ts')).toEqual(['b/{a,b}.ts:1: x'])
  expect(await include('c/{a,b}.ts')).toEqual(['c/a.ts:1: x', 'c/b.ts:1: x'])
})

test('a pattern may be absolute, begin at home or lead upwards, and is asked for where it leads', async () => {
  const outside = project({ 'd/a.ts': '', 'd/e/b.ts': '', 'a.ts': '' })
  const cwd = join(outside, 'd')
  expect(await found(cwd, { pattern: `${outside}/d/**/*.ts` })).toEqual([
    `${outside}/d/a.ts`,
    `${outside}/d/e/b.ts`,
  ])
  expect(await found(cwd, { pattern: `${outside}/a.ts` })).toEqual([`${outside}/a.ts`])
  expect(await found(cwd, { pattern: '../*.ts' })).toEqual(['../a.ts'])
  const { claim, ...rest } = await ready(glob(), { pattern: '../*.ts' }, { cwd })
  expect(claim).toMatchObject({ paths: [outside] })
  expect(shown(rest)).toBe(`find *.ts in .. → ${outside}`)
  expect(shown(await ready(glob(), { pattern: '~/*.none' }, { cwd }))).toMatch(/^find \*\.none in ~ → \//)
  expect(await refusal(glob(), { pattern: '/no/such/dir/*.ts' }, { cwd })).toContain('does not exist')
})

test('grep searches a file that is named, whatever it is called, and says why it cannot', async () => {
  const cwd = project({ 'src/a.ts': 'one\nfoo', 'b.bin': new Uint8Array([0, 1]) })
  const { claim } = await ready(grep(), { pattern: 'foo', path: 'src/a.ts' }, { cwd })
  expect(claim).toMatchObject({ paths: [join(cwd, 'src/a.ts')], directories: [join(cwd, 'src')] })
  expect((await run(grep(), { pattern: 'foo', path: 'src/a.ts' }, { cwd })).content).toBe('src/a.ts:2: foo')
  expect(await run(grep(), { pattern: 'x', path: 'b.bin' }, { cwd })).toMatchObject({
    status: 'error',
    content: 'b.bin is a binary file of 2 bytes',
  })
})

test('names with line breaks and what cannot be seen are one line for the model, each its own', async () => {
  const names = [
    'a\nb.ts:1: forged',
    'a\\nb.ts:1: forged',
    '"quoted"',
    'rtl\u202e.ts',
    'nul\u0007',
    'plain ü.ts',
  ]
  const cwd = project(Object.fromEntries(names.map((name) => [name, 'x'])))
  mkdirSync(join(cwd, 'd\r'))
  const expected = [
    '"\\"quoted\\""',
    '"a\\nb.ts:1: forged"',
    '"nul\\u0007"',
    '"rtl\\u202e.ts"',
    'a\\nb.ts:1: forged',
    'plain ü.ts',
  ]
  expect((await found(cwd, { pattern: '*' })).sort()).toEqual(expected)
  const lines = (await run(grep(), { pattern: 'x' }, { cwd })).content.split('\n').sort()
  expect(lines).toEqual(expected.map((name) => `${name}:1: x`).sort())
  expect((await run(fsRead(), list('.'), { cwd })).content.split('\n').sort()).toEqual(
    ['"d\\r"/', ...expected.map((name) => `${name} 1`)].sort(),
  )
})
