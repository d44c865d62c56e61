import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Operations, realOperations } from '../../src/tools/files/operations.ts'
import { fsRead } from '../../src/tools/fs-read.ts'
import { fsWrite } from '../../src/tools/fs-write.ts'
import { glob } from '../../src/tools/glob.ts'
import { grep } from '../../src/tools/grep.ts'
import { context, project, ready, refusal, run, shown } from './harness.ts'

const line = (path: string, more = {}) => ({ operations: [{ mode: 'Line', path, ...more }] })

test('fs_read reads lines from either end, lists and searches', async () => {
  const cwd = project({ 'a.txt': 'one\ntwo\nthree\nfour\n', 'd/b.txt': 'x', 'd/e/c.txt': 'y' })
  const content = async (input: unknown) => (await run(fsRead(), input, { cwd })).content
  expect(await content(line('a.txt'))).toBe('one\ntwo\nthree\nfour')
  expect(await content(line('a.txt', { start_line: 2, end_line: 3 }))).toBe('two\nthree')
  expect(await content(line('a.txt', { start_line: -2 }))).toBe('three\nfour')
  expect(await content({ operations: [{ mode: 'Directory', path: 'd' }] })).toBe('b.txt 1\ne/')
  expect(await content({ operations: [{ mode: 'Directory', path: 'd', depth: 1 }] })).toBe(
    'b.txt 1\ne/\ne/c.txt 1',
  )
  expect(
    await content({ operations: [{ mode: 'Search', path: 'a.txt', pattern: 'THREE', context_lines: 1 }] }),
  ).toBe('2- two\n3: three\n4- four')
})

test('one operation of several that fails does not cost the others', async () => {
  const cwd = project({ 'a.txt': 'one', 'b.bin': new Uint8Array([0, 1, 2]) })
  const input = { operations: [...line('a.txt').operations, ...line('b.bin').operations] }
  const { content, status } = await run(fsRead(), input, { cwd })
  expect(content).toBe(
    '[1 operation of 2 failed]\n== a.txt ==\none\n== b.bin ==\nb.bin is a binary file of 3 bytes',
  )
  expect(status).toBe('success')
})

test.each([
  [{}, 'Expected operations to be an array, got nothing'],
  [{ operations: [] }, '1 to 20 entries'],
  ['x', 'Expected the input to be an object, got a string'],
  [line('a', { start: 1 }), 'Unknown key "operations[0].start"; known are mode, path, start_line'],
  [line('a', { start_line: '1.5' }), 'Expected operations[0].start_line to be a whole number'],
  [
    { operations: [{ mode: 'lines', path: 'a' }] },
    'to be one of Line, Directory, Search, got a string, "lines"',
  ],
  [{ operations: [{ mode: 'Search', path: 'a' }] }, 'mode Search needs a pattern'],
  [line('gone'), 'gone does not exist'],
  [line('.'), 'mode Line wants a file'],
  [line('a\0b'), 'NUL'],
])('fs_read refuses %j', async (input, words) => {
  expect(await refusal(fsRead(), input, { cwd: project() })).toContain(words)
})

test('what a path really is, is shown and claimed', async () => {
  const outside = project({ secret: 'x' })
  const cwd = project({ 'a.txt': 'a', 'd/x': '' })
  symlinkSync(join(outside, 'secret'), join(cwd, 'harmless.txt'))
  symlinkSync(outside, join(cwd, 'd/up'))
  for (const path of ['harmless.txt', 'd/up/secret', 'd/../harmless.txt']) {
    const { claim, ...rest } = await ready(fsRead(), line(path), { cwd })
    expect(claim).toMatchObject({ paths: [join(outside, 'secret')], directories: [outside] })
    expect(shown(rest)).toContain(`→ ${outside}/secret`)
  }
  expect(shown(await ready(fsRead(), line('a.txt'), { cwd }))).toBe('read a.txt')
  expect(shown(await ready(fsRead(), line('a.txt', { start_line: -2 }), { cwd }))).toBe(
    'read a.txt, lines 2 from the end to the end',
  )
  expect(shown(await ready(fsRead(), line('../../etc/passwd'), { cwd: '/usr/lib' }))).toContain(
    '→ /etc/passwd',
  )
})

test.each([
  ['another link', swapForLink],
  ['another file', (path: string, cwd: string) => renameSync(join(cwd, 'other'), path)],
  ['a FIFO', swapForFifo],
  ['nothing', (path: string) => rmSync(path)],
])('a file that was swapped for %s after it was shown is not read', async (_what, swap) => {
  const cwd = project({ 'a.txt': 'a', other: 'secret' })
  const prepared = await ready(fsRead(), line('a.txt'), { cwd })
  swap(join(cwd, 'a.txt'), cwd)
  const { content, status } = await prepared.run(context())
  expect(status).toBe('error')
  expect(content).not.toContain('secret')
})

test('not even when it is swapped at the last moment', async () => {
  const cwd = project({ 'a.txt': 'a', other: 'secret' })
  const open: Operations['fs']['open'] = (path, ...more) => {
    renameSync(join(cwd, 'other'), join(cwd, 'a.txt'))
    return realOperations.fs.open(path, ...more)
  }
  const operations = { ...realOperations, fs: { ...realOperations.fs, open } }
  const result = await run(fsRead(operations), line('a.txt'), { cwd })
  expect(result).toMatchObject({ status: 'error', content: expect.stringContaining('was replaced') })
})

test('a directory that was swapped for a link after it was shown is not searched', async () => {
  const cwd = project({ 'd/a': 'x', 'e/secret': 'x' })
  const inputs = [
    [glob(), { pattern: '*', path: 'd' }],
    [grep(), { pattern: 'x', path: 'd' }],
    [fsRead(), { operations: [{ mode: 'Directory', path: 'd' }] }],
  ] as const
  const all = await Promise.all(inputs.map(([tool, input]) => ready(tool, input, { cwd })))
  rmSync(join(cwd, 'd'), { recursive: true })
  symlinkSync(join(cwd, 'e'), join(cwd, 'd'))
  for (const prepared of all) {
    expect(await prepared.run(context())).toMatchObject({ status: 'error' })
  }
})

test('devices, FIFOs and dangling links are refused as what they are', async () => {
  const cwd = project()
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  symlinkSync('/nowhere', join(cwd, 'dangling'))
  expect(await refusal(fsRead(), line('/dev/zero'), { cwd })).toContain('is a device')
  expect(await refusal(fsRead(), line('pipe'), { cwd })).toContain('is a named pipe')
  expect(await refusal(fsRead(), line('dangling'), { cwd })).toContain(
    'link to something that does not exist',
  )
  expect(
    await refusal(fsWrite(), { command: 'create', path: 'dangling', file_text: 'x' }, { cwd }),
  ).toContain('link')
  expect(await refusal(fsWrite(), { command: 'create', path: 'pipe', file_text: 'x' }, { cwd })).toContain(
    'pipe',
  )
})

test('a huge file is capped with the cap said', async () => {
  const cwd = project({ huge: 'x\n', long: 'line\n'.repeat(50_000) })
  truncateSync(join(cwd, 'huge'), 2 ** 40)
  expect((await run(fsRead(), line('huge'), { cwd })).content).toContain('binary file of 1099511627776 bytes')
  const { content } = await run(fsRead(), line('long'), { cwd })
  expect(content.length).toBeLessThan(65_000)
  expect(content).toMatch(/\[cut here: 37200 more lines were asked for, from line 12801\]$/)
  expect(await refusal(fsWrite(), { command: 'append', path: 'huge', new_str: 'x' }, { cwd })).toContain(
    'not changed',
  )
})

test('@session cannot be left, not through .. and not through a link', async () => {
  const cwd = project({ 'sessions/s1/note.md': 'mine', 'sessions/s2/note.md': 'theirs' })
  symlinkSync(join(cwd, 'sessions/s2'), join(cwd, 'sessions/s1/link'))
  const session = (path: string) => join(cwd, 'sessions/s1', path)
  const place = { cwd, session }
  expect((await run(fsRead(), line('@session/note.md'), place)).content).toBe('mine')
  expect(shown(await ready(fsRead(), line('@session/note.md'), place))).toContain(
    `→ ${cwd}/sessions/s1/note.md`,
  )
  for (const path of [
    '@session/../s2/note.md',
    '@session/link/note.md',
    '@session/..',
    '@session//../../x',
  ]) {
    expect(await refusal(fsRead(), line(path), place)).toContain('leads out of the session')
  }
  expect(
    await refusal(fsWrite(), { command: 'create', path: '@session/link/new', file_text: '' }, place),
  ).toContain('leads out')
  await run(fsWrite(), { command: 'create', path: '@session/new/x.md', file_text: 'x' }, place)
  expect(readFileSync(session('new/x.md'), 'utf8')).toBe('x')
  expect(await refusal(fsRead(), line('@session/x'), { cwd })).toContain('no @session')
})

test('fs_write shows the difference and writes exactly that, keeping the mode', async () => {
  const cwd = project({ 'a.sh': 'one\ntwo\nthree\n' })
  chmodSync(join(cwd, 'a.sh'), 0o751)
  const input = { command: 'str_replace', path: 'a.sh', old_str: 'two', new_str: '2\u202e' }
  const prepared = await ready(fsWrite(), input, { cwd })
  expect(shown(prepared)).toBe('change a.sh\n@@ -1 +1 @@\n one\n-two\n+2\\u{202e}\n three')
  expect(prepared.claim).toEqual({ type: 'write', tool: 'fs_write', path: join(cwd, 'a.sh') })
  expect((await prepared.run(context())).status).toBe('success')
  expect(readFileSync(join(cwd, 'a.sh'), 'utf8')).toBe('one\n2\u202e\nthree\n')
  expect(statSync(join(cwd, 'a.sh')).mode & 0o777).toBe(0o751)
  expect(readdirSync(cwd)).toEqual(['a.sh'])
})

test.each([
  ['append', { new_str: 'x' }, 'a\nb\nx'],
  ['insert', { insert_line: 0, new_str: 'x' }, 'x\na\nb'],
  ['insert', { insert_line: 1, new_str: 'x\n' }, 'a\nx\nb'],
  ['insert', { insert_line: 2, new_str: 'x' }, 'a\nb\nx'],
  ['str_replace', { old_str: 'a\nb', new_str: '$&' }, '$&'],
  ['create', { file_text: 'new' }, 'new'],
])('fs_write %s %j', async (command, more, expected) => {
  const cwd = project({ f: 'a\nb' })
  expect((await run(fsWrite(), { command, path: 'f', ...more }, { cwd })).status).toBe('success')
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe(expected)
})

test.each([
  [{ command: 'str_replace', old_str: 'z', new_str: '' }, 'does not occur'],
  [{ command: 'str_replace', old_str: 'a', new_str: 'b' }, 'more than once'],
  [{ command: 'str_replace', old_str: '', new_str: 'b' }, 'not to be empty'],
  [{ command: 'str_replace', new_str: 'b' }, 'needs old_str'],
  [{ command: 'insert', insert_line: 9, new_str: 'b' }, 'has 2 lines'],
  [{ command: 'create' }, 'needs file_text'],
  [{ command: 'create', file_text: 'a\na' }, 'exactly this content'],
  [{ command: 'view' }, 'one of create'],
])('fs_write refuses %j', async (input, words) => {
  expect(await refusal(fsWrite(), { path: 'f', ...input }, { cwd: project({ f: 'a\na' }) })).toContain(words)
})

test('fs_write refuses a file that changed, moved or came into being after it was shown', async () => {
  const cwd = project({ f: 'old\n', g: 'old\n', 'd/h': 'x' })
  const append = (path: string) => ready(fsWrite(), { command: 'append', path, new_str: 'x' }, { cwd })
  const changed = await append('f')
  writeFileSync(join(cwd, 'f'), 'older\n')
  const linked = await append('g')
  rmSync(join(cwd, 'g'))
  symlinkSync(join(cwd, 'f'), join(cwd, 'g'))
  const created = await ready(fsWrite(), { command: 'create', path: 'n/new', file_text: 'x' }, { cwd })
  mkdirSync(join(cwd, 'n'))
  writeFileSync(join(cwd, 'n/new'), 'theirs')
  const moved = await append('d/h')
  renameSync(join(cwd, 'd'), join(cwd, 'e'))
  symlinkSync(join(cwd, 'e'), join(cwd, 'd'))
  for (const prepared of [changed, linked, created, moved]) {
    expect(await prepared.run(context())).toMatchObject({
      status: 'error',
      content: expect.stringContaining('nothing was'),
    })
  }
  expect([readFileSync(join(cwd, 'f'), 'utf8'), readFileSync(join(cwd, 'n/new'), 'utf8')]).toEqual([
    'older\n',
    'theirs',
  ])
  expect(readdirSync(join(cwd, 'n'))).toEqual(['new'])
})

test('fs_write that fails leaves nothing behind', async () => {
  const cwd = project({ f: 'old' })
  const prepared = await ready(fsWrite(), { command: 'create', path: 'f', file_text: 'x' }, { cwd })
  const stopped = AbortSignal.abort()
  expect(await prepared.run(context({ signal: stopped }))).toMatchObject({ status: 'error' })
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('old')
  expect(readdirSync(cwd)).toEqual(['f'])
})

test('binary and foreign encodings are not rewritten', async () => {
  const cwd = project({ latin: new Uint8Array([0x61, 0xe9, 0x0a]) })
  expect(await refusal(fsWrite(), { command: 'append', path: 'latin', new_str: 'x' }, { cwd })).toContain(
    'not a UTF-8',
  )
})

test('glob and grep find files and lines, skip what programs made and follow no links', async () => {
  const cwd = project({
    'src/a.ts': 'let x = 1\nfoo()\n',
    'src/b/c.ts': 'foo(2)',
    'node_modules/m/d.ts': 'foo',
    '.ssh/x.ts': 'foo',
  })
  symlinkSync('/etc', join(cwd, 'src/link'))
  const place = { cwd, hidden: (path: string) => path.includes('.ssh') }
  expect((await run(glob(), { pattern: '*.ts' }, place)).content).toBe('src/a.ts\nsrc/b/c.ts')
  expect((await run(glob(), { pattern: 'src/*.{ts,js}' }, place)).content).toBe('src/a.ts')
  expect((await run(glob(), { pattern: 'src/**/[b-d].ts' }, place)).content).toBe('src/b/c.ts')
  expect((await run(glob(), { pattern: '**/passwd' }, place)).content).toBe('No file matches.')
  expect((await run(grep(), { pattern: 'fo+\\(' }, place)).content).toBe(
    'src/a.ts:2: foo()\nsrc/b/c.ts:1: foo(2)',
  )
  expect((await run(grep(), { pattern: 'FOO', include: '*c.ts', ignore_case: true }, place)).content).toBe(
    'src/b/c.ts:1: foo(2)',
  )
  expect(await refusal(grep(), { pattern: '(' }, place)).toContain('Invalid regular expression')
  expect(existsSync(join(cwd, 'src/link'))).toBe(true)
})

test('an expression that never ends is ended, and so is a pattern made of stars', async () => {
  const cwd = project({ a: `${'a'.repeat(60)}!`, ['b'.repeat(200)]: '' })
  const result = await run(grep(), { pattern: '^(a+)+$' }, { cwd })
  expect(result).toMatchObject({ status: 'error', content: expect.stringContaining('too long') })
  const stars = `${'*b'.repeat(100)}c`
  expect((await run(glob(), { pattern: stars }, { cwd })).content).toBe('No file matches.')
})

function swapForLink(path: string, cwd: string): void {
  rmSync(path)
  symlinkSync(join(cwd, 'other'), path)
}

function swapForFifo(path: string): void {
  rmSync(path)
  execFileSync('mkfifo', [path])
}
