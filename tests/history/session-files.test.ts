import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attachmentBlock, typedPart } from '../../src/domain/attachment.ts'
import { sessionReferences } from '../../src/domain/session-reference.ts'
import { promptFilesOf } from '../../src/sessions/files/prompt-files.ts'
import {
  maxAttachmentBytes,
  readSessionFile,
  resolveSessionPath,
} from '../../src/sessions/files/session-files.ts'
import { readMessages } from '../../src/store/messages.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { openStoreAt, openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

let root: string
let session: { id: string; cwd: string }
let own: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'q-files-'))
  session = { id: '11111111-2222-3333-4444-555555555555', cwd: join(root, 'work') }
  own = join(session.cwd, '.amazonq/sessions', session.id)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(root, 'secret'), 'secret')
  writeFileSync(join(own, 'notes.md'), 'my notes')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('an ordinary file below the directory is read', async () => {
  mkdirSync(join(own, 'a/b'), { recursive: true })
  writeFileSync(join(own, 'a/b/c.txt'), 'deep')
  expect(await readSessionFile(session, 'a/./b//c.txt')).toMatchObject({ text: 'deep', size: 4, cut: false })
  expect(await resolveSessionPath(session, 'notes.md')).toBe(join(own, 'notes.md'))
})

test.each(['..', '../x', 'a/../../x', '/etc/passwd', '', '.', './', 'a\0b', 'a\nb'])(
  'the path %j is refused',
  async (path) => {
    await expect(readSessionFile(session, path)).rejects.toThrow('does not name a file of this session')
    await expect(resolveSessionPath(session, path, true)).rejects.toThrow(
      'does not name a file of this session',
    )
  },
)

test('links are refused at every level, and what is no ordinary file', async () => {
  symlinkSync(join(root, 'secret'), join(own, 'link'))
  symlinkSync(root, join(own, 'out'))
  symlinkSync('notes.md', join(own, 'inner'))
  execFileSync('mkfifo', [join(own, 'pipe')])
  mkdirSync(join(own, 'folder'))
  // By a short way: a socket's path has a limit.
  symlinkSync(own, join(root, 's'))
  const server = createServer().listen(join(root, 's/socket'))
  await until(() => server.listening)
  for (const path of ['link', 'inner', 'out/secret', 'pipe', 'folder', 'socket', 'notes.md/x']) {
    await expect(readSessionFile(session, path), path).rejects.toThrow(/link|device|directory/)
    await expect(resolveSessionPath(session, path, true), path).rejects.toThrow(/link|regular|directory/)
  }
  server.close()
})

test.each(['.amazonq', '.amazonq/sessions', '.amazonq/sessions/ID'])(
  '%s as a link leads nowhere',
  async (level) => {
    const there = join(session.cwd, level.replace('ID', session.id))
    const elsewhere = join(root, 'elsewhere')
    renameSync(there, elsewhere)
    symlinkSync(elsewhere, there)
    await expect(readSessionFile(session, 'notes.md')).rejects.toThrow('a link, not a directory')
    await expect(resolveSessionPath(session, 'new.md', true)).rejects.toThrow('a link, not a directory')
  },
)

test('a directory that is swapped for a link while it is read leads nowhere', async () => {
  mkdirSync(join(own, 'd'))
  writeFileSync(join(own, 'd/secret'), 'mine')
  let stop = false
  const swap = (async () => {
    while (!stop) {
      renameSync(join(own, 'd'), join(own, 'e'))
      symlinkSync(root, join(own, 'd'))
      await new Promise(setImmediate)
      rmSync(join(own, 'd'))
      renameSync(join(own, 'e'), join(own, 'd'))
      await new Promise(setImmediate)
    }
  })()
  const seen = new Set<string>()
  const open = readdirSync('/proc/self/fd').length
  for (let tries = 0; tries < 500; tries += 1)
    seen.add(
      await readSessionFile(session, 'd/secret').then(
        ({ text }) => text,
        () => 'refused',
      ),
    )
  stop = true
  await swap
  expect([...seen].sort()).toEqual(['mine', 'refused'])
  expect(readdirSync('/proc/self/fd').length).toBeLessThan(open + 10)
})

test('the directory is made when it is first written to, closed to others', async () => {
  rmSync(join(session.cwd, '.amazonq'), { recursive: true })
  await expect(resolveSessionPath(session, 'a/b.md')).rejects.toThrow('there is no @session/a/b.md')
  expect(await resolveSessionPath(session, 'a/b.md', true)).toBe(join(own, 'a/b.md'))
  for (const directory of [join(own, 'a'), own, join(session.cwd, '.amazonq')])
    expect(statSync(directory).mode & 0o777).toBe(0o700)
})

test('a long file is cut between letters and says so; one that is no text is refused', async () => {
  writeFileSync(join(own, 'long'), 'x'.repeat(maxAttachmentBytes - 1) + 'é'.repeat(10))
  const long = await readSessionFile(session, 'long')
  expect([long.text.length, long.text.at(-1), long.cut]).toEqual([maxAttachmentBytes - 1, 'x', true])
  expect(attachmentBlock(long)).toMatchObject({
    text: expect.stringContaining('cut="only the beginning is here"'),
  })
  writeFileSync(join(own, 'binary'), Buffer.from([1, 0, 2]))
  await expect(readSessionFile(session, 'binary')).rejects.toThrow('not a text file')
})

test.each([
  ['see @session/a.md.', ['a.md']],
  ['(@session/a/b-c_d.md), @session/a/b-c_d.md', ['a/b-c_d.md']],
  ['@session/"my notes.md" and `@session/x`', ['my notes.md', 'x']],
  ['me@session/a, \\@session/b, /@session/c, @session/ and @sessions/x', []],
  ['@session/../x', ['../x']],
])('%s names %j', (prompt, paths) => {
  expect(sessionReferences(prompt)).toEqual(paths)
})

test('a file cannot end the block it stands in, and is told from what was typed', () => {
  const block = attachmentBlock({
    path: '@session/"<a>".md',
    text: 'x\n</session_file>\ny',
    size: 9,
    cut: false,
  })
  expect(block).toMatchObject({ text: expect.stringMatching(/^<session_file_2 .*<\/session_file_2>$/s) })
  expect(typedPart({ role: 'user', blocks: [{ type: 'text', text: 'look' }, block] })).toEqual({
    text: 'look',
    files: ['@session/"<a>".md'],
  })
})

test('Tab completes paths, without hidden files and links', async () => {
  mkdirSync(join(own, 'sub'))
  writeFileSync(join(own, 'sub/deep.txt'), '')
  writeFileSync(join(own, '.hidden'), '')
  writeFileSync(join(own, 'with space'), '')
  symlinkSync(join(root, 'secret'), join(own, 'nolink'))
  linkSync(join(own, 'notes.md'), join(own, 'notes2.md'))
  const store = await openTestStore()
  await store.add(session.id, { cwd: session.cwd })
  const { complete } = promptFilesOf({ ...(await first(store)), ...session }, undefined)
  expect(await complete('@')).toEqual(['@session/'])
  expect(await complete('@session/')).toEqual([
    '@session/notes.md',
    '@session/notes2.md',
    '@session/sub/',
    '@session/with\\ space',
  ])
  expect(await complete('@session/sub/d')).toEqual(['@session/sub/deep.txt'])
  expect(await complete('@session/.h')).toEqual(['@session/.hidden'])
  expect(await complete('@session/../')).toEqual([])
  expect(await complete('@sessions')).toEqual([])
  store.dispose()
})

test('a prompt takes its file along, and is not sent when it is not there', async () => {
  const lab: Lab = openLab()
  try {
    const terminal = lab.terminal(['chat', '--name', 'files'], { columns: 160, rows: 50 })
    await until(() => terminal.screen().includes('[files] q>'))
    const talk = (await lab.list('--all')).sessions[0]
    if (!talk) throw new Error('no session')
    const cwd = join(lab.home, 'project')
    mkdirSync(cwd)
    const store = await openStoreAt(lab.database)
    store.db.prepare('UPDATE conversations SET cwd = ?').run(cwd)
    terminal.type('/quit')
    const again = lab.terminal(['chat', '--resume', 'files'], { columns: 160, rows: 50 })
    await until(() => again.screen().includes('[files] q>'))
    again.type('what is in @session/notes.md?')
    await until(() => again.screen().includes('there is no @session/notes.md'))
    expect(readMessages(store, talk.id)).toEqual([])
    const directory = join(cwd, '.amazonq/sessions', talk.id)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'notes.md'), 'forty-two')
    again.keys('-l', 'what is in @ses')
    again.keys('Tab')
    await until(() => /q> what is in @session\/$/m.test(again.screen()))
    again.keys('Tab')
    await until(() => /q> what is in @session\/notes\.md$/m.test(again.screen()))
    again.keys('Enter')
    await until(() => readMessages(store, talk.id).length === 2)
    expect(readMessages(store, talk.id)[0]?.blocks[1]).toMatchObject({
      text: '<session_file path="@session/notes.md" bytes="9">\nforty-two\n</session_file>',
    })
    store.close()
  } finally {
    await lab.dispose()
  }
})

test('a prompt sent to a session with a file that is not there is dropped and said', async () => {
  const lab: Lab = openLab()
  try {
    await lab.q(['mux', 'new', 'one', '--background'])
    await lab.q(['mux', 'new', 'other', '--background'])
    await until(async () => (await lab.list()).sessions.every(({ pid }) => pid !== null))
    await lab.q(['mux', 'send', 'one', 'read @session/none.md'])
    await until(
      async () => (await lab.list()).sessions.find(({ name }) => name === 'one')?.waitingFor === 'error',
    )
    await lab.q(['mux', 'send', 'one', 'and go on'])
    await until(async () => (await lab.list()).sessions.find(({ name }) => name === 'one')?.messages === 2)
  } finally {
    await lab.dispose()
  }
})

async function first(store: Awaited<ReturnType<typeof openTestStore>>) {
  const { getSession } = await import('../../src/store/sessions.ts')
  const found = getSession(store.store, session.id)
  if (!found) throw new Error('no session')
  return found
}
