import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Copies } from '../../src/tools/files/kept-copies.ts'
import { mendFiles } from '../../src/tools/files/mend-files.ts'
import { realOperations } from '../../src/tools/files/operations.ts'
import { fsRead } from '../../src/tools/fs-read.ts'
import { fsWrite } from '../../src/tools/fs-write.ts'
import { context, project, ready, refusal, run, shown } from './harness.ts'

const child = fileURLToPath(new URL('../support/write-child.ts', import.meta.url))
const append = (path: string, text = 'new\n') => ({ command: 'append', path, new_str: text })
const asRoot = process.getuid?.() === 0

function output(program: string, args: string[], options: ExecFileSyncOptions = {}): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', ...options })
  return status === 0 ? String(stdout) : undefined
}

test('a file that is changed stays the same file: inode, links, owner, mode', async () => {
  const cwd = project({ 'a.sh': 'old\n' })
  linkSync(join(cwd, 'a.sh'), join(cwd, 'other-name'))
  if (asRoot) chownSync(join(cwd, 'a.sh'), 1234, 5678)
  chmodSync(join(cwd, 'a.sh'), 0o7754)
  const before = statSync(join(cwd, 'a.sh'))
  const prepared = await ready(fsWrite(), append('a.sh'), { cwd })
  expect(shown(prepared)).toContain('(the file has 1 other name, a hard link each: it changes there, too)')
  expect((await prepared.run(context())).status).toBe('success')
  const { ino, uid, gid, mode, nlink } = statSync(join(cwd, 'a.sh'))
  expect({ ino, uid, gid, mode, nlink }).toEqual({
    ino: before.ino,
    uid: before.uid,
    gid: before.gid,
    mode: before.mode,
    nlink: 2,
  })
  expect(readFileSync(join(cwd, 'other-name'), 'utf8')).toBe('old\nnew\n')
  expect(readdirSync(cwd).sort()).toEqual(['a.sh', 'other-name'])
})

test('a link is written through and stays one', async () => {
  const cwd = project({ 'd/real': 'old\n' })
  symlinkSync('d/real', join(cwd, 'link'))
  await run(fsWrite(), append('link'), { cwd })
  expect(lstatSync(join(cwd, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(cwd, 'd/real'), 'utf8')).toBe('old\nnew\n')
})

test('a name that was linked to it after the difference was shown is no longer what was shown', async () => {
  const cwd = project({ a: 'old\n', b: 'old\n' })
  const prepared = await ready(fsWrite(), append('a'), { cwd })
  execFileSync('ln', ['-f', join(cwd, 'b'), join(cwd, 'a')])
  expect(await prepared.run(context())).toMatchObject({ status: 'error' })
  expect(readFileSync(join(cwd, 'b'), 'utf8')).toBe('old\n')
})

test('access lists and extended attributes stay', async ({ skip }) => {
  const cwd = project({ a: 'old\n' })
  const file = join(cwd, 'a')
  const acl = output('setfacl', ['-m', 'u:daemon:rw', file]) !== undefined
  const attribute = output('setfattr', ['-n', 'user.note', '-v', 'kept', file]) !== undefined
  if (!acl && !attribute) skip('neither setfacl nor setfattr works here')
  const facts = () => [output('getfacl', ['-cp', file]), output('getfattr', ['-d', file])]
  const before = facts()
  await run(fsWrite(), append('a'), { cwd })
  expect(readFileSync(file, 'utf8')).toBe('old\nnew\n')
  expect(facts()).toEqual(before)
})

const mounts = output('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']) !== undefined

/** Lines of a shell with mounts of its own; `$write CWD INPUT …` is one fs_write. */
function mounted(cwd: string, lines: string[]): string {
  const write = `${process.execPath} ${child}`
  const script = ['set -e', `write='${write}'`, ...lines].join('\n')
  return execFileSync('unshare', ['-m', 'bash', '-c', script], { cwd, encoding: 'utf8' })
}

test.skipIf(!mounts)('a file that is a mount of its own is written', () => {
  const cwd = project({ real: 'old\n', 'config.toml': '' })
  const out = mounted(cwd, [
    'mount --bind real config.toml',
    `$write "$PWD" '${JSON.stringify(append('config.toml'))}'`,
  ])
  expect(out).toContain('Written')
  expect(readFileSync(join(cwd, 'real'), 'utf8')).toBe('old\nnew\n')
})

test.skipIf(!mounts)('a disk that fills up leaves the old content, and the same write works later', () => {
  const cwd = project({ 'small/x': '' })
  const big = JSON.stringify({ command: 'create', path: 'f', file_text: 'n'.repeat(60_000) })
  const out = mounted(cwd, [
    'mount -t tmpfs -o size=80k none small; cd small; printf "old content\\n" > f',
    'head -c 40000 /dev/zero > filler',
    `$write "$PWD" '${big}'; echo; cat f; rm filler`,
    `$write "$PWD" '${big}'; echo; wc -c < f`,
  ])
  const [failed = '', content, written = '', size] = out.split('\n')
  expect(JSON.parse(failed)).toMatchObject({ status: 'error', content: expect.stringContaining('ENOSPC') })
  expect([content, JSON.parse(written).status, size]).toEqual(['old content', 'success', '60000'])
})

const nobody = { uid: 65534, gid: 65534 }
const asNobody =
  asRoot &&
  output(process.execPath, ['-e', `fs.readFileSync(${JSON.stringify(child)})`], nobody) !== undefined

test.skipIf(!asNobody)(
  'a file in a directory that may not be written is changed; one that is read-only is not',
  () => {
    const cwd = project({ mine: 'old\n', locked: 'old\n' }, '/tmp')
    chownSync(join(cwd, 'mine'), 65534, 65534)
    chmodSync(join(cwd, 'mine'), 0o4755)
    chmodSync(cwd, 0o755)
    const write = (path: string) =>
      execFileSync(process.execPath, [child, cwd, JSON.stringify(append(path))], {
        ...nobody,
        env: { ...process.env, TMPDIR: '/tmp' },
        encoding: 'utf8',
      })
    expect(write('mine')).toContain('success')
    expect(readFileSync(join(cwd, 'mine'), 'utf8')).toBe('old\nnew\n')
    expect(statSync(join(cwd, 'mine')).mode & 0o7777).toBe(0o4755)
    expect(write('locked')).toContain('EACCES')
    expect(readFileSync(join(cwd, 'locked'), 'utf8')).toBe('old\n')
  },
)

const copiesIn = (directory: string): Copies => ({ directory, owner: 'me', mend: async () => [] })

test.each([
  ['longer', 'old content\n', 'new\n'.repeat(10), 2],
  ['shorter', 'old content\n'.repeat(10), 'new\n', 1],
])('a write of something %s that fails in between puts back what was there', async (_what, old, text, at) => {
  const cwd = project({ f: old, 'copies/x': '' })
  const open: typeof realOperations.fs.open = async (path, ...more) => {
    const file = await realOperations.fs.open(path, ...more)
    if (path !== join(cwd, 'f')) return file
    const write = file.write.bind(file) as (...all: unknown[]) => Promise<unknown>
    let number = 0
    return Object.assign(file, {
      async write(buffer: Buffer, offset: number, length: number, position: number) {
        if (++number !== at) return write(buffer, offset, length, position)
        await write(buffer, offset, Math.min(length, 2), position)
        throw Object.assign(new Error('EIO: it broke'), { code: 'EIO' })
      },
    }) as never
  }
  const tool = fsWrite(
    { ...realOperations, fs: { ...realOperations.fs, open } },
    copiesIn(join(cwd, 'copies')),
  )
  const result = await run(tool, { command: 'create', path: 'f', file_text: text }, { cwd })
  expect(result).toMatchObject({ status: 'error', content: expect.stringContaining('EIO') })
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe(old)
  expect(readdirSync(join(cwd, 'copies'))).toEqual(['x'])
})

const mend = (directory: string) =>
  mendFiles({ directory, owner: 'me', isGone: (owner) => owner === 'child' })

/** A process that writes is killed before its n-th write into the file. */
function killed(cwd: string, text: string, at: number): string {
  const input = JSON.stringify({ command: 'create', path: 'f', file_text: text })
  const { signal } = spawnSync(process.execPath, [child, cwd, input, join(cwd, 'copies'), String(at)])
  expect(signal).toBe('SIGKILL')
  return readFileSync(join(cwd, 'f'), 'utf8')
}

test('what a killed process left half written is put back, and said', async () => {
  const cwd = project({ f: 'old content\n' })
  expect(killed(cwd, 'new\n'.repeat(10), 2)).toBe(`old content\n${'new\n'.repeat(7)}`)
  const lines = await Promise.all([mend(join(cwd, 'copies')), mend(join(cwd, 'copies'))])
  expect(lines.flat()).toEqual([`A change of ${cwd}/f was cut off: it holds again what it held before`])
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('old content\n')
  expect(readdirSync(join(cwd, 'copies'))).toEqual([])
})

test('a file that somebody changed since is left alone; the copy is kept and said once', async () => {
  const cwd = project({ f: 'old content\n' })
  killed(cwd, 'new\n'.repeat(10), 2)
  writeFileSync(join(cwd, 'f'), 'mended by hand\n')
  const [line = '', ...more] = await mend(join(cwd, 'copies'))
  expect([line, more]).toEqual([expect.stringContaining('it has been changed since'), []])
  expect(readFileSync(line.slice(line.lastIndexOf(' ') + 1), 'utf8')).toBe('old content\n')
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('mended by hand\n')
  expect(await mend(join(cwd, 'copies'))).toEqual([])
})

test('a process that was killed before or after it wrote leaves nothing to say', async () => {
  const cwd = project({ f: 'old content\n' })
  expect(killed(cwd, 'new\n'.repeat(10), 1)).toBe('old content\n')
  expect(await mend(join(cwd, 'copies'))).toEqual([])
  mkdirSync(join(cwd, 'copies/child.unfinished'))
  mkdirSync(join(cwd, 'copies/alive.123456'))
  expect(await mend(join(cwd, 'copies'))).toEqual([])
  expect(readdirSync(join(cwd, 'copies'))).toEqual(['alive.123456'])
})

test.each([
  ['str_replace', { old_str: 'a\nb', new_str: 'x\ny\nb' }, 'a\r\nb\r\nc\r\n', 'x\r\ny\r\nb\r\nc\r\n'],
  ['str_replace', { old_str: 'a\r\nb', new_str: 'x' }, 'a\nb\n', 'x\n'],
  ['str_replace', { old_str: 'b', new_str: 'x\r\ny' }, 'a\nb\n', 'a\nx\ny\n'],
  ['str_replace', { old_str: 'b\n', new_str: '' }, 'a\r\nb\r\nc', 'a\r\nc'],
  ['insert', { insert_line: 1, new_str: 'x\ny' }, 'a\r\nb\r\n', 'a\r\nx\r\ny\r\nb\r\n'],
  ['insert', { insert_line: 2, new_str: 'x\n' }, 'a\r\nb', 'a\r\nb\r\nx'],
  ['insert', { insert_line: 0, new_str: 'x' }, '\ufeffa\n', '\ufeffx\na\n'],
  ['append', { new_str: 'x\n' }, 'a\r\n', 'a\r\nx\r\n'],
  ['append', { new_str: 'x\n' }, 'a\nb', 'a\nb\nx'],
  ['create', { file_text: 'x\ny\n' }, '\ufeffa\r\nb', '\ufeffx\r\ny'],
  ['create', { file_text: '\ufeffx\n' }, '\ufeffa\n', '\ufeffx\n'],
  ['str_replace', { old_str: '\ufeffa', new_str: 'x' }, '\ufeffa\n', '\ufeffx\n'],
  ['create', { file_text: 'a\nB\nc\nd\n' }, 'a\r\nb\nc\r\n', 'a\r\nB\nc\r\nd\r\n'],
  ['str_replace', { old_str: 'a\nb\nc', new_str: 'a\nx\nc' }, 'a\nb\r\nc\nd\r\n\r\n', 'a\nx\r\nc\nd\r\n\r\n'],
  ['str_replace', { old_str: 'a\n', new_str: '' }, 'x\na\ry\r\ra\r\nb\n', 'x\na\ry\r\rb\n'],
])('%s %j keeps the line ends, the BOM and a missing last newline of %j', async (command, more, old, now) => {
  const cwd = project({ f: old })
  const result = await run(fsWrite(), { command, path: 'f', ...more }, { cwd })
  expect(result.status).toBe('success')
  expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe(now)
})

test('a line end alone is no change, and says how to make it one', async () => {
  const cwd = project({ f: 'a\nb\n' })
  const input = { command: 'create', path: 'f', file_text: 'a\r\nb\r\n' }
  expect(await refusal(fsWrite(), input, { cwd })).toContain('Its line ends')
})

test.each([
  ['UTF-16', Buffer.from('\ufeffabc', 'utf16le'), 'is text in UTF-16'],
  ['UTF-16 without a NUL', Buffer.from('\ufeff\u4e2d\u6587', 'utf16le'), 'is text in UTF-16'],
  ['Latin-1', Buffer.from([0x61, 0xe9, 0x0a]), 'an older encoding'],
  ['a picture', Buffer.from([0x89, 0x50, 0, 1]), 'is a binary file'],
])('%s is refused by its name and stays as it is', async (_what, bytes, words) => {
  const cwd = project({ f: bytes })
  for (const input of [append('f'), { command: 'create', path: 'f', file_text: 'x' }])
    expect(await refusal(fsWrite(), input, { cwd })).toContain(words)
  expect(readFileSync(join(cwd, 'f')).equals(bytes)).toBe(true)
})

test('a text that is no UTF-8 is read with a word on it', async () => {
  const cwd = project({ f: Buffer.from([0x61, 0xe9, 0x0a]) })
  const { content } = await run(fsRead(), { operations: [{ mode: 'Line', path: 'f' }] }, { cwd })
  expect(content).toContain('[not UTF-8')
})

test('a million carriage returns hold nobody up', async () => {
  const cwd = project({ f: `${'\r'.repeat(1_000_000)}x\nb\r\n` })
  await run(fsWrite(), append('f'), { cwd })
  expect(readFileSync(join(cwd, 'f'), 'utf8').endsWith('x\nb\r\nnew\n')).toBe(true)
})
