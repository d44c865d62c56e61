import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attachmentBlock, typedPart } from '../../src/domain/attachment.ts'
import { pathReferences } from '../../src/domain/path-reference.ts'
import { completeReference, readPaths } from '../../src/sessions/files/path-files.ts'
import { maxAttachmentBytes } from '../../src/sessions/files/session-files.ts'
import { bytes } from '../../src/text/plain-text.ts'
import { keptBack } from '../../src/tools/policy/kept-back.ts'
import type { CommandContext } from '../../src/worker/commands/command.ts'
import { complete } from '../../src/worker/commands/complete-command.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  openShell,
  promptUp,
  q,
  query,
  startWorkspace,
} from '../worker/harness.ts'

let root: string
let cwd: string
const put = (name: string, content: string | Uint8Array = 'x') => writeFileSync(join(cwd, name), content)
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'q-paths-')))
  cwd = join(root, 'work')
  mkdirSync(join(cwd, 'src'), { recursive: true })
  writeFileSync(join(root, 'outside.txt'), 'outside')
  put('src/a.ts', 'const a = 1\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each([
  ['look at @src/a.ts, and (@b.md).', ['src/a.ts', 'b.md']],
  ['@"my file.txt" and @./x and @../y!', ['my file.txt', './x', '../y']],
  ['@~/notes @/etc/hosts? @src/', ['~/notes', '/etc/hosts', 'src/']],
  ['joe@example.com, \\@a, x.@b, @@ -1 +1 @@, a/@b', []],
  ['@session/a.md @session/', []],
  ['@... and @. and @ alone', []],
  ['`@code` @a @a', ['code', 'a']],
])('%j may name %j', (prompt, paths) => {
  expect(pathReferences(prompt).filter((path) => path !== '@')).toEqual(paths)
})

test('a million points behind a path hold nobody up', () => {
  const points = '!'.repeat(1_000_000)
  expect(pathReferences(`@a${points}b`)).toEqual([`a${points}b`])
  expect(pathReferences(`@a${points}`)).toEqual(['a'])
})

test.each([
  [9, '9 B'],
  [999, '999 B'],
  [3210, '3.2 kB'],
  [99_951, '100 kB'],
  [999_600, '1.0 MB'],
  [12_345_678, '12 MB'],
])('%i bytes are %s', (size, words) => {
  expect(bytes(size)).toBe(words)
})

const read = async (prompt: string, here = false, deny: string[] = []) => {
  const found = await readPaths(prompt, cwd, here, (file) => keptBack(deny, cwd, file))
  return {
    notes: found.map(({ note }) => note),
    texts: found.map(({ attachment }) => attachment?.text),
    blocks: found.flatMap(({ attachment }) => (attachment ? [attachmentBlock(attachment)] : [])),
  }
}

test('a file goes along, a directory as its list; what is no file is a word like any other', async () => {
  put('README')
  const { notes, texts, blocks } = await read(
    'see @src/a.ts. @Component @override joe@README @src/ @none/x @src/a.ts/x',
  )
  expect(notes).toEqual([
    'with src/a.ts, 12 B',
    'with src/, what is in it',
    'without none/x: there is no such file',
    'without src/a.ts/x: there is no such file',
  ])
  expect(texts).toEqual(['const a = 1\n', 'a.ts 12', undefined, undefined])
  expect(blocks).toEqual([
    { type: 'text', text: '<file path="src/a.ts" bytes="12">\nconst a = 1\n\n</file>' },
    { type: 'text', text: '<directory path="src/" bytes="7">\na.ts 12\n</directory>' },
  ])
  expect(typedPart({ role: 'user', blocks: [{ type: 'text', text: 'see' }, ...blocks] })).toEqual({
    text: 'see',
    files: ['src/a.ts', 'src/'],
  })
})

test('names with brackets, blanks and points, and what stands around a reference in a sentence', async () => {
  const names = [
    '[id].ts',
    '(group)',
    '{a,b}.ts',
    '[...all].tsx',
    'a b.ts',
    'a,b.md',
    "it's.md",
    'x:12',
    '日本語.md',
  ]
  for (const name of names) put(`src/${name}`, name)
  put('t.md', 't')
  const named = async (prompt: string) => (await read(prompt)).texts
  expect(await named('@src/[id].ts and @src/(group), (@src/[...all].tsx).')).toEqual([
    '[id].ts',
    '(group)',
    '[...all].tsx',
  ])
  expect(await named("@src/{a,b}.ts @src/a,b.md, @src/it's.md; @src/x:12")).toEqual([
    '{a,b}.ts',
    'a,b.md',
    "it's.md",
    'x:12',
  ])
  expect(await named('@src/a\\ b.ts @"src/a b.ts"')).toEqual(['a b.ts'])
  expect(await named('、@t.md。それ「@src/日本語.md」')).toEqual(['t', '日本語.md'])
  expect(await named('看@t.md吧')).toEqual(['t'])
  for (const prompt of [
    '(@t.md).',
    '**@t.md**',
    '<@t.md>',
    '@t.md,@t.md',
    "'@t.md'",
    '@t.md…',
    '@t.md:',
    '@t.md#top',
  ])
    expect(await named(prompt)).toEqual(['t'])
})

test('a name with brackets that is not there does not take the directory along', async () => {
  expect((await read('@src/[id].ts')).notes).toEqual(['without src/[id].ts: there is no such file'])
})

test.each([
  ['@t.md:2', 'with t.md, line 2 of 4', 'two', '2-2'],
  ['@t.md:2-3,', 'with t.md, lines 2 to 3 of 4', 'two\nthree', '2-3'],
  ['see @t.md#L3.', 'with t.md, line 3 of 4', 'three', '3-3'],
  ['(@t.md#L3-L9)', 'with t.md, lines 3 to 4 of 4', 'three\nfour', '3-4'],
  ['@t.md#L4-2', 'with t.md, lines 2 to 4 of 4', 'two\nthree\nfour', '2-4'],
  ['@t.md:3:17: error', 'with t.md, line 3 of 4', 'three', '3-3'],
  ['@"t.md":1-2', 'with t.md, lines 1 to 2 of 4', 'one\ntwo', '1-2'],
  ['@"t.md:1-2"', 'with t.md, lines 1 to 2 of 4', 'one\ntwo', '1-2'],
])('%s takes these lines along', async (prompt, note, text, range) => {
  put('t.md', 'one\ntwo\nthree\nfour\n')
  const { notes, texts, blocks } = await read(prompt)
  expect([notes, texts]).toEqual([[note], [text]])
  expect(blocks).toEqual([
    { type: 'text', text: `<file path="t.md" bytes="19" lines="${range}">\n${text}\n</file>` },
  ])
  expect(typedPart({ role: 'user', blocks: [{ type: 'text', text: '' }, ...blocks] }).files).toEqual(['t.md'])
})

test('lines far down a long file are found; lines that are none and too many of them are said', async () => {
  put('long.txt', Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}`).join('\n'))
  expect(await read('@long.txt:49999-60000')).toMatchObject({
    notes: ['with long.txt, lines 49999 to 50000 of 50000'],
    texts: ['line 49999\nline 50000'],
  })
  expect((await read('@long.txt:50001')).notes).toEqual([
    'without long.txt: it has no line 50001, only 50000 lines',
  ])
  const { notes, blocks } = await read('@long.txt:1-40000')
  expect(notes).toEqual([
    expect.stringMatching(/^with long\.txt, lines 1 to \d+ of 50000: the rest is too long$/),
  ])
  expect(blocks[0]).toMatchObject({ text: expect.stringContaining('cut="only the beginning') })
})

test.each([
  ['@src/none.ts @gone.md @"no such file"', ['src/none.ts', 'gone.md', 'no such file']],
  ['@org/package', ['org/package']],
  ['@dataclass @param x, @app.route("/x") @pytest.fixture @Input() @user.name me@host.md \\@a/b', []],
  [
    "import x from '@angular/core'; `@a/b.ts` @dataclass(frozen=True) @media (print) @tailwind @Get(path=/a/b)",
    [],
  ],
  ['@a/1 @a/2 @a/3 @a/4 @a/5', ['a/1', 'a/2', 'a/3', '2 more']],
])('of %s it is said what looks like a path and is none', async (prompt, said) => {
  const { notes } = await read(prompt)
  expect(notes.map((note) => /^without (.*): there (?:is|are) no such files?$/.exec(note)?.[1])).toEqual(said)
})

test('what Tab puts in is read back as the very file', async () => {
  const names = [
    'a b.ts',
    '[id].ts',
    'x@y.md',
    'two  blanks',
    'quote"d',
    "it's",
    'back\\slash',
    'tick`s',
    'end.',
    'x:12',
    '@types',
  ]
  for (const name of names) put(`src/${name}`, name)
  for (const name of names) {
    const start = name.slice(0, 1).replaceAll(/[\\@]/g, '\\$&')
    const written = (await completeReference(cwd, root, `@src/${start}`)).find(
      (one) => one.replaceAll('\\', '') === `@src/${name}`.replaceAll('\\', ''),
    )
    expect((await read(`see ${written} there`)).texts).toEqual([name])
  }
  mkdirSync(join(cwd, 'a dir'))
  put('a dir/x y')
  expect(await completeReference(cwd, root, '@"a d')).toEqual(['@"a dir/'])
  expect(await completeReference(cwd, root, '@"a dir/')).toEqual(['@"a dir/x y"'])
  expect(await completeReference(cwd, root, '@a\\ dir/x\\ ')).toEqual(['@a\\ dir/x\\ y'])
})

test.each([
  ['see @a\\ b', '@a\\ b'],
  ['see @"a b', '@"a b'],
  ['see @"a b" @c', '@c'],
  ['say "x @c', '@c'],
])('the word at the end of %j is %s', async (line, word) => {
  const files = { complete: async (asked: string) => [asked] }
  const [matches, of] = await complete(line, { files } as unknown as CommandContext)
  expect([matches, of]).toEqual([[`${word} `], word])
})

test('links and paths that lead elsewhere are shown as what they are', async () => {
  symlinkSync('../outside.txt', join(cwd, 'link.txt'))
  symlinkSync('nowhere', join(cwd, 'dangling'))
  const { notes, texts } = await read('@link.txt @../outside.txt @dangling')
  expect(notes).toEqual([
    `with link.txt → ${root}/outside.txt, 7 B`,
    `with ../outside.txt → ${root}/outside.txt, 7 B`,
    'without dangling: dangling is a link to something that does not exist',
  ])
  expect(texts).toEqual(['outside', 'outside', undefined])
})

test('devices, FIFOs and what is no text stay behind, long files are cut, and it says so', async () => {
  execFileSync('mkfifo', [join(cwd, 'fifo')])
  put('image.png', new Uint8Array([0x89, 0, 1]))
  put('long.txt', 'x'.repeat(maxAttachmentBytes - 1) + 'é'.repeat(10))
  const { notes, texts } = await read('@fifo @/dev/zero @image.png @long.txt')
  expect(notes).toEqual([
    expect.stringMatching(/^without fifo: /),
    expect.stringMatching(/^without \/dev\/zero: /),
    'without image.png: it is not text',
    'with long.txt, the first 100 kB of 100 kB',
  ])
  expect(texts[3]?.length).toBe(maxAttachmentBytes - 1)
})

test('what the user did not type names only what is in the working directory, and no credentials', async () => {
  mkdirSync(join(cwd, '.ssh'))
  put('.ssh/id_rsa', 'key')
  symlinkSync('../outside.txt', join(cwd, 'link.txt'))
  const { notes, texts } = await read('@src/a.ts @link.txt @../outside.txt @/etc/hosts @.ssh/id_rsa', true)
  expect(texts).toEqual(['const a = 1\n', undefined, undefined, undefined, undefined])
  for (const note of notes.slice(1)) expect(note).toContain('not all of this prompt was typed here')
  expect((await read('@.ssh/id_rsa')).texts).toEqual(['key'])
})

test('what the user did not type follows links, looks into files and asks the deny rules; what they typed is meant', async () => {
  put('local', 'A=1')
  put('deploy', '-----BEGIN PRIVATE KEY-----')
  put('private.md', 'private')
  symlinkSync('local', join(cwd, '.env'))
  symlinkSync('private.md', join(cwd, 'notes.md'))
  const prompt = '@.env @deploy @notes.md @src/a.ts'
  const { notes, texts } = await read(prompt, true, ['fs_read(private.md)'])
  expect(texts).toEqual([undefined, undefined, undefined, 'const a = 1\n'])
  expect(notes.slice(0, 3)).toEqual([
    expect.stringContaining('it may hold credentials, and not all of this prompt was typed here'),
    expect.stringContaining('it holds a private key, and not all'),
    expect.stringContaining('your rule fs_read(private.md) denies it, and not all'),
  ])
  expect((await read(prompt, false, ['fs_read(private.md)'])).texts).not.toContain(undefined)
})

test('lines of a private key are kept back as the whole is', async () => {
  put('deploy', '-----BEGIN PRIVATE KEY-----\nabc\ndef\n')
  const { notes, texts } = await read('@deploy:2-3 @deploy#L2', true)
  expect(texts).toEqual([undefined, undefined])
  for (const note of notes) expect(note).toContain('it holds a private key')
  expect((await read('@deploy:2-3')).texts).toEqual(['abc\ndef'])
})

test('where the working directory is gone, a path that names nothing is said all the same', async () => {
  rmSync(cwd, { recursive: true })
  const { notes, texts } = await read('@src/a.ts @dataclass @"b c"')
  expect(texts).toEqual([undefined, undefined])
  expect(notes).toEqual([
    'without src/a.ts: the working directory is gone',
    'without b c: the working directory is gone',
  ])
})

test('a hostile name reaches the screen as text', async () => {
  put('e\u001b]0;x\u0007\u202e', 'x')
  const { notes } = await read('@"e\u001b]0;x\u0007\u202e"')
  expect(notes).toHaveLength(1)
  expect(notes[0]).not.toMatch(/[\u001b\u0007\u202e]/)
})

test('Tab completes paths of the working directory and elsewhere', async () => {
  mkdirSync(join(cwd, '.git'))
  put('.env')
  put('with space')
  put('esc\u001b')
  symlinkSync('src', join(cwd, 'sources'))
  symlinkSync('nowhere', join(cwd, 'dangling'))
  const complete = (word: string) => completeReference(cwd, root, word)
  expect(await complete('@')).toEqual(['@dangling', '@sources/', '@src/', '@with\\ space'])
  expect(await complete('@s')).toEqual(['@sources/', '@src/'])
  expect(await complete('@src/')).toEqual(['@src/a.ts'])
  expect(await complete('@.')).toEqual(['@.env', '@.git/'])
  expect(await complete('@../o')).toEqual(['@../outside.txt'])
  expect(await complete('@~/o')).toEqual(['@~/outside.txt'])
  expect(await complete(`@${cwd}/src/a`)).toEqual([`@${cwd}/src/a.ts`])
  expect(await complete('@none/x')).toEqual([])
})

let lab: BedrockLab | undefined
afterEach(async () => {
  await lab?.dispose()
  lab = undefined
})

const lastPrompt = (of: BedrockLab) =>
  of.server.requests
    .at(-1)
    ?.body.messages?.at(-1)
    ?.content.flatMap(({ text }) => text ?? []) ?? []

test('a prompt takes its files along from the line, from --prompt, from q mux send and from a pipe', async () => {
  lab = await openBedrockLab()
  const here = lab
  writeFileSync(join(lab.home, 'notes.md'), 'forty-two')
  writeFileSync(join(root, 'outside.txt'), 'far away')
  await startWorkspace(lab)
  const pane = '=q:dev-1'
  const screen = () => here.tmux('capture-pane', '-p', '-J', '-t', pane)
  lab.tmux('send-keys', '-t', pane, '-l', 'say @not')
  lab.keys(pane, 'Tab')
  await promptUp(lab, 'dev-1', 'say @notes.md')
  lab.keys(pane, 'Enter')
  await until(() => screen().includes('\nwith notes.md, 9 B\n'))
  await until(() => lastPrompt(here)[1] === '<file path="notes.md" bytes="9">\nforty-two\n</file>')
  await promptUp(lab, 'dev-1')
  lab.type(pane, `say typed @${root}/outside.txt`)
  await until(() => lastPrompt(here)[1]?.includes('far away'))
  await promptUp(lab, 'dev-1')

  await lab.q(['mux', 'send', 'dev-1', `say sent @notes.md @${root}/outside.txt`])
  await until(() => lastPrompt(here)[0]?.startsWith('say sent'))
  expect(lastPrompt(lab)).toHaveLength(2)
  await until(() =>
    screen()
      .replaceAll(/\s+/g, ' ')
      .includes('it is outside of the working directory, and not all of this prompt was typed here'),
  )

  await lab.q(['mux', 'new', 'two', '--background', '--cwd', lab.home, '--prompt', 'say new @notes.md'])
  await until(() => lastPrompt(here)[0] === 'say new @notes.md')
  expect(lastPrompt(lab)).toHaveLength(2)

  const piped = await lab.q(['chat', 'say', 'this'], { input: `@notes.md @${root}/outside.txt` })
  expect(piped.stderr).toContain('with notes.md, 9 B\n')
  expect(lastPrompt(lab).slice(1)).toEqual(['<file path="notes.md" bytes="9">\nforty-two\n</file>'])
  await lab.q(['chat', `say @${root}/outside.txt`])
  expect(lastPrompt(lab)[1]).toContain('far away')
})

test('what a paste names goes along only from the working directory; the next line that is typed takes the rest', async () => {
  lab = await openBedrockLab()
  const here = lab
  mkdirSync(join(lab.home, '.aws'))
  writeFileSync(join(lab.home, '.aws/credentials'), 'a secret')
  writeFileSync(join(lab.home, 'notes.md'), 'forty-two')
  await startWorkspace(lab)
  const pane = '=q:dev-1'
  lab.tmux('set-buffer', 'say a log with @notes.md, @~/.aws/credentials and @/etc/hosts')
  lab.tmux('paste-buffer', '-p', '-t', pane)
  await until(() => here.screen(pane).includes('@/etc/hosts'))
  // What follows a paste at once is more of it, and an Enter that waited behind another one may be read with what comes next.
  const sends = (words: string) => {
    here.keys(pane, 'Enter')
    return lastPrompt(here)[0]?.startsWith(words)
  }
  await until(() => sends('say a log'), { every: 300 })
  expect(lastPrompt(lab).slice(1)).toEqual(['<file path="notes.md" bytes="9">\nforty-two\n</file>'])
  await promptUp(lab, 'dev-1')
  lab.tmux('send-keys', '-t', pane, '-l', '--', 'say typed @~/.aws/credentials')
  await until(() => here.screen(pane).includes('say typed @~/.aws/credentials'))
  await until(() => sends('say typed'), { every: 300 })
  expect(lastPrompt(lab)[1]).toContain('a secret')
})

test('more than ten files are refused, and /retry sends the files as they went along', async () => {
  lab = await openBedrockLab()
  const here = lab
  for (let number = 0; number < 11; number += 1) writeFileSync(join(lab.home, `f${number}`), `old ${number}`)
  const terminal = openShell(lab, `cd ${lab.home}; ${q} chat --name talk`)
  await until(() => terminal.screen().includes('[talk] q>'))
  terminal.type(`say ${Array.from({ length: 11 }, (_, number) => `@f${number}`).join(' ')}`)
  await until(() => terminal.screen().includes('the prompt names 11 files; the most is 10'))
  expect(query(lab, 'SELECT * FROM messages')).toEqual([])
  terminal.type('say @f1')
  await until(() => lastPrompt(here)[1]?.includes('old 1'))
  writeFileSync(join(lab.home, 'f1'), 'new')
  await until(() => / out · /.test(terminal.screen()))
  terminal.type('/retry')
  await until(() => here.server.requests.length === 2)
  expect(lastPrompt(lab)).toEqual(['say @f1', '<file path="f1" bytes="5">\nold 1\n</file>'])
})
