import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, q, query, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
let work: string
beforeEach(async () => {
  lab = await openBedrockLab()
  work = join(lab.home, 'work')
  mkdirSync(work)
  writeFileSync(join(work, 'AGENTS.md'), 'RULES-OF-WORK')
  // What must not be read or written in its place.
  writeFileSync(join(lab.home, 'notes.txt'), 'SECRET-OF-HOME')
  writeFileSync(join(lab.home, 'AGENTS.md'), 'RULES-OF-HOME')
  await startWorkspace(lab)
  await lab.q(['mux', 'new', 'here', '--cwd', work, '--background'])
  await promptUp(lab, 'here')
})
afterEach(() => lab.dispose())

const pane = '=q:here'
/** With what scrolled off the top, long lines whole. */
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-S', '-200', '-t', pane)
const shows = (text: string) => until(() => screen().includes(text), { what: `${text} on the screen` })
const lastRequest = () => JSON.stringify(lab.server.requests.at(-1)?.body ?? {})
const gone = () => `${work} is gone`
const readNotes = 'tool fs_read {"operations":[{"mode":"Line","path":"notes.txt"}]}'

/** Says something, and waits until it was answered. */
async function said(text: string): Promise<void> {
  const before = lab.server.requests.length
  lab.type(pane, text)
  await until(() => lab.server.requests.length > before, { what: `a request for ${text}` })
  await until(async () => (await session(lab, 'here')).waitingFor === 'input')
}

async function refusesAll(): Promise<void> {
  await said(readNotes)
  await shows(`fs_read: not run: ${gone()}`)
  expect(lastRequest()).toContain('It was not run: the working directory')
  await said('tool fs_write {"command":"create","path":"made.txt","file_text":"x"}')
  await said('tool execute_bash {"command":"touch made.txt"}')
  lab.type(pane, '!touch made.txt')
  await shows(`${gone()}: nothing was run`)
  expect(existsSync(join(lab.home, 'made.txt'))).toBe(false)
  expect(lastRequest()).not.toMatch(/SECRET-OF-HOME|RULES-OF-HOME|RULES-OF-WORK/)
}

test('a directory that vanishes under a running session is said, and no tool and no ! runs until it is made again', async () => {
  await said('say before')
  expect(lastRequest()).toContain('RULES-OF-WORK')
  rmSync(work, { recursive: true })
  await refusesAll()
  expect(screen()).toContain(`${gone()}: no tool and no ! command runs`)
  expect(screen()).toContain('make it again: /cd . or choose another one: /cd DIR')
  await until(() => screen().trimEnd().endsWith('(directory gone) [here] q>'))
  expect(lastRequest()).toContain(`${gone()}: no tool runs until`)
  // Another directory of that name is where it works.
  mkdirSync(work)
  writeFileSync(join(work, 'notes.txt'), 'NOTES-OF-WORK')
  await said(readNotes)
  expect(lastRequest()).toContain('NOTES-OF-WORK')
  expect(screen()).toContain(`(works in ${work} again)`)
  await until(() => /(?<!gone\) )\[here\] q>$/.test(screen().trimEnd()))
})

test('a session that comes back without its directory works nowhere else, and /cd . makes it again', async () => {
  lab.type(pane, '/quit')
  await until(async () => (await session(lab, 'here')).pid === null)
  rmSync(work, { recursive: true })
  await lab.q(['mux', 'switch', 'here'])
  await shows(`${gone()}: no tool and no ! command runs`)
  await promptUp(lab, 'here')
  await refusesAll()
  lab.type(pane, '/cd .')
  await shows(`${work} is not there. Make it? [y/N]:`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  lab.type(pane, 'n')
  await shows('nothing has changed')
  lab.type(pane, '/cd .')
  await until(() => screen().match(/Make it\?/g)?.length === 2)
  await new Promise((resolve) => setTimeout(resolve, 500))
  lab.type(pane, 'y')
  await shows(`(works in ${work})`)
  lab.type(pane, '!touch made.txt')
  await until(() => existsSync(join(work, 'made.txt')))
})

test('what takes the place of a directory is not taken for it: a file, and a link that leads elsewhere', async () => {
  rmSync(work, { recursive: true })
  writeFileSync(work, '')
  lab.type(pane, '!touch made.txt')
  await shows(`${work} is not a directory: nothing was run`)
  rmSync(work)
  symlinkSync(lab.home, work)
  lab.type(pane, '!touch made.txt')
  await shows(`${work} leads to ${lab.home} now: nothing was run`)
  expect(existsSync(join(lab.home, 'made.txt'))).toBe(false)
  rmSync(work)
  renameSync(join(lab.home, 'AGENTS.md'), join(lab.home, 'moved'))
  expect((await session(lab, 'here')).cwd).toBe(work)
})

test('a directory that cannot be entered is said, and left for no other', () => {
  const locked = join(lab.home, 'locked')
  mkdirSync(locked, { mode: 0 })
  const module = new URL('../../src/sessions/files/working-directory.ts', import.meta.url).href
  const code = `
    const { workingDirectory } = await import(${JSON.stringify(module)})
    const directory = workingDirectory(${JSON.stringify(locked)})
    console.log(directory.trouble())
    try { directory.change(${JSON.stringify(locked)}) } catch (error) { console.log(error.message) }`
  // root may enter everything.
  const who = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: '/',
    encoding: 'utf8',
    ...who,
  })
  const words = `${locked} cannot be entered: permission denied`
  expect(output).toBe(`${words}\n${words}\n`)
})

test('/cd goes to another directory, for good, and the model is told with the next prompt', async () => {
  const other = join(lab.home, 'other dir')
  mkdirSync(join(other, 'deep'), { recursive: true })
  writeFileSync(join(other, 'AGENTS.md'), 'RULES-OF-OTHER')
  writeFileSync(join(other, 'notes.txt'), 'NOTES-OF-OTHER')
  lab.type(pane, '/cd')
  await until(() => new RegExp(`^${work}$`, 'm').test(screen()))
  lab.type(pane, '/cd "~/other dir"')
  await shows(`(works in ${other}; the model is told with your next prompt)`)
  await said('say moved')
  expect(lastRequest()).toContain('RULES-OF-OTHER')
  expect(lastRequest()).toContain(`<working_directory path=\\"${other}\\"`)
  expect(lastRequest()).not.toContain('RULES-OF-WORK')
  const blocks = query<{ content: string }>(
    lab,
    "SELECT content FROM messages WHERE role = 'user' AND content LIKE '%<working_directory%'",
  )
  expect(blocks).toHaveLength(1)
  await said(readNotes)
  expect(lastRequest()).toContain('NOTES-OF-OTHER')
  expect(
    query(lab, "SELECT 1 FROM messages WHERE role = 'user' AND content LIKE '%<working_directory%'"),
  ).toHaveLength(1)
  expect((await session(lab, 'here')).cwd).toBe(other)
  lab.keys(pane, '/cd de', 'Tab')
  await until(() => screen().trimEnd().endsWith('q> /cd deep/'))
  lab.keys(pane, 'Enter')
  await shows(`(works in ${join(other, 'deep')};`)
  lab.type(pane, '/cd ../notes.txt')
  await shows(`${join(other, 'notes.txt')} is not a directory`)
  lab.type(pane, '/cd into the src directory')
  await shows('usage: /cd [DIR]')
  lab.type(pane, '!pwd > where')
  await until(() => existsSync(join(other, 'deep', 'where')))
})

test("q chat --resume and a pipe do nothing in another directory than the session's", async () => {
  const first = await lab.q(['chat', '--name', 'piped', 'say once'], { cwd: work })
  expect(first).toMatchObject({ code: 0, stdout: 'once\n' })
  rmSync(work, { recursive: true })
  const again = await lab.q(['chat', '--resume', 'piped', readNotes])
  expect(again.stderr).toContain(`${gone()}: no tool runs`)
  expect(lastRequest()).toContain('It was not run: the working directory')
  expect(lastRequest()).not.toMatch(/SECRET-OF-HOME|RULES-OF-HOME/)
})

test('who stands in a directory that is gone is told so, and opens no session elsewhere', async () => {
  const made = join(lab.home, 'made')
  mkdirSync(made)
  const inGone = (words: string) =>
    lab.start('sh', [
      '-c',
      `cd ${made} && rmdir ${made} && ${q} ${words} > ${lab.home}/out 2>&1; echo "code $?" >> ${lab.home}/out; mkdir -p ${made}`,
    ])
  const { readFileSync } = await import('node:fs')
  const output = async (words: string) => {
    rmSync(join(lab.home, 'out'), { force: true })
    inGone(words)
    await until(
      () =>
        existsSync(join(lab.home, 'out')) && readFileSync(join(lab.home, 'out'), 'utf8').includes('code '),
    )
    return readFileSync(join(lab.home, 'out'), 'utf8')
  }
  for (const words of ['mux new x --background', 'chat hello < /dev/null']) {
    expect(await output(words)).toMatch(/the directory that you are in is gone[\s\S]*code 2/)
    await until(() => existsSync(made))
  }
  expect(await output('mux list')).toContain('code 0')
  await until(() => existsSync(made))
  rmdirSync(made)
  for (const words of [
    ['--cwd', made],
    ['--cwd', join(lab.home, 'notes.txt')],
    ['--cwd', join(lab.home, 'notes.txt/x')],
  ])
    expect(await lab.q(['mux', 'new', 'x', '--background', ...words])).toMatchObject({ code: 2 })
})
