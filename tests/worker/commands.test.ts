import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { spaced } from '../../src/text/plain-text.ts'
import { commands } from '../../src/worker/commands/all-commands.ts'
import { answerQuestion } from '../support/answer.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  promptUp,
  query,
  said,
  session,
  startWorkspace,
  typeAhead,
  windowNames,
} from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const shown = () => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')
const screenHas = (text: string | RegExp, window = '') =>
  until(
    () => {
      const screen = lab.screen(`=q:${window}`)
      return typeof text === 'string' ? screen.includes(text) : text.test(screen)
    },
    { what: `${text} on the screen` },
  )
/** With what scrolled off the top. */
const scrolled = () => lab.tmux('capture-pane', '-p', '-S', '-100', '-t', '=q:dev-1')
const say = (words: string) =>
  answerQuestion(
    { screen: () => lab.screen('=q:dev-1'), keys: (...keys) => lab.keys('=q:dev-1', ...keys) },
    words,
  )
const open = async () => (await lab.list()).sessions.map(({ name }) => name)

test('/sessions lists who is here, who waits and for what, who works and for how long; --all adds closed ones', async () => {
  await lab.q(['mux', 'new', 's3-debug', '--background', '--prompt', 'fail access'])
  await lab.q(['mux', 'new', 'lambda-deploy', '--background', '--prompt', 'hold'])
  await lab.q(['mux', 'new', 'gone', '--background'])
  await lab.q(['mux', 'close', 'gone', '--yes'])
  const terminal = lab.terminal()
  await until(async () => (await session(lab, 's3-debug')).waitingFor === 'error')
  await until(async () => (await session(lab, 'lambda-deploy')).status === 'Processing')
  await until(async () => (await session(lab, 'dev-1')).status === 'Active')
  terminal.type('/sessions')
  await screenHas(/^\* dev-1 /m)
  const screen = lab.tmux('capture-pane', '-p', '-J', '-t', '=q:')
  const list = /^Active Sessions: *\n([\s\S]*)\n\[dev-1\] q>/m.exec(screen)?.[1]?.split('\n')
  expect(list).toEqual([
    expect.stringMatching(/^\* dev-1 {10}\[ACTIVE\] {5}▸ development *$/),
    expect.stringMatching(
      /^ {2}s3-debug {7}\[WAITING\] {4}error: This account .+… · \d+ s {2}▸ development *$/,
    ),
    expect.stringMatching(/^ {2}lambda-deploy {2}\[PROCESSING\] \d+ s {2}▸ development *$/),
  ])
  terminal.type('/sessions --all')
  await screenHas(/^All Sessions:\n\* dev-1 [\s\S]*^ {2}gone +\[COMPLETED\]/m)
  terminal.type('/sessions --al')
  await screenHas('usage: /sessions [--all]')
})

test('/switch and /s go to another session by its first letters, and refuse what could be several', async () => {
  for (const name of ['lambda-deploy', 'lambda-debug']) await lab.q(['mux', 'new', name, '--background'])
  lab.type('=q:dev-1', '/s lam')
  await screenHas('"lam" could be lambda-deploy, lambda-debug')
  lab.type('=q:dev-1', '/s lambda-dep')
  await until(() => shown() === 'lambda-deploy')
  await promptUp(lab, 'lambda-deploy')
  lab.type('=q:lambda-deploy', '/switch dev')
  await until(() => shown() === 'dev-1')
  lab.type('=q:dev-1', '/switch')
  await screenHas('usage: /switch NAME')
  lab.type('=q:dev-1', '/switch lambda-deplyo')
  await screenHas('did you mean "lambda-deploy"?')
})

test('/new opens a session of a type and with a name, each of which may be left out, and goes there', async () => {
  lab.type('=q:dev-1', '/new debug s3')
  await until(() => shown() === 's3')
  await promptUp(lab, 's3')
  lab.type('=q:s3', '/new plain')
  await until(() => shown() === 'plain')
  await promptUp(lab, 'plain')
  lab.type('=q:plain', '/new review')
  await until(() => shown() === 'review-1')
  await promptUp(lab, 'review-1')
  lab.type('=q:review-1', '/new')
  await until(() => shown() === 'dev-2')
  const made = (await lab.list()).sessions.map(
    ({ name, type, nameSource }) => `${name} ${type} ${nameSource}`,
  )
  expect(made).toEqual([
    'dev-1 Development auto',
    's3 Debug user',
    'plain Development user',
    'review-1 CodeReview auto',
    'dev-2 Development auto',
  ])
  await promptUp(lab, 'dev-2')
  lab.type('=q:dev-2', '/new debgu x')
  await screenHas('"debgu" is not a type of session')
  await screenHas('did you mean "debug"?')
  lab.type('=q:dev-2', '/new s3')
  await screenHas('a session called s3 is open already')
})

test('/session-name shows the name and changes it, /rename too: prompt, window title and list follow', async () => {
  lab.type('=q:dev-1', '/session-name')
  await screenHas(/^dev-1$/m)
  lab.type('=q:dev-1', '/session-name API Refactor')
  await until(() => shown() === 'api-refactor')
  await promptUp(lab, 'api-refactor')
  lab.type('=q:api-refactor', '/rename second')
  await promptUp(lab, 'second')
  expect(shown()).toBe('second')
  expect(await session(lab, 'second')).toMatchObject({ nameSource: 'user' })
  lab.type('=q:second', '/rename a&b')
  await screenHas(`"a&b" cannot be a session's name`)
  lab.type('=q:second', '/rename')
  await screenHas('usage: /rename NAME')
  expect(await open()).toEqual(['second'])
})

test('/close asks first: n keeps the session, y closes it for good with its window', async () => {
  await lab.q(['mux', 'new', 'other', '--background'])
  await promptUp(lab, 'other')
  for (const [words, line] of [
    ['n', 1],
    ['', 2],
    ['yess', 3],
  ] as const) {
    lab.type('=q:dev-1', '/close')
    await until(() => lab.screen().match(/Close dev-1\?/g)?.length === line)
    await say(words)
    await until(() => lab.screen().match(/^not closed$/gm)?.length === line)
  }
  expect(await open()).toEqual(['dev-1', 'other'])
  lab.type('=q:dev-1', '/close')
  await until(() => lab.screen().match(/Close dev-1\?/g)?.length === 4)
  await say('y')
  await until(() => windowNames(lab).join() === 'other')
  expect(await open()).toEqual(['other'])
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Completed', pid: null })
})

test('the line that names the model leaves no second prompt in the history of the window', async () => {
  await screenHas('model: ')
  await promptUp(lab, 'dev-1')
  const all = lab.tmux('capture-pane', '-p', '-S', '-', '-t', '=q:dev-1')
  expect(all.match(/\[dev-1\] q>/g)).toHaveLength(1)
})

test('/close of another session takes a shortened name, asks with the whole one, and this session goes on', async () => {
  await lab.q(['mux', 'new', 'lambda-deploy', '--background'])
  lab.type('=q:dev-1', '/close nothing')
  await screenHas('there is no session "nothing"')
  lab.type('=q:dev-1', '/close lam')
  await screenHas('Close lambda-deploy?')
  await say('y')
  await screenHas('closed lambda-deploy')
  expect(await open()).toEqual(['dev-1'])
  await promptUp(lab, 'dev-1')
})

test('keys typed ahead of the question do not answer it', async () => {
  lab.type('=q:dev-1', 'hold')
  await screenHas(/^holding/m)
  await typeAhead(lab, 'dev-1', '/close')
  await typeAhead(lab, 'dev-1', 'y')
  lab.server.release()
  await screenHas('Close dev-1? It will not come back by itself. [y/N]:')
  // The question hears nobody until the typing has paused: keys before that are for the next line.
  await until(
    () => {
      lab.keys('=q:dev-1', 'n')
      return lab.screen('=q:dev-1').includes('[y/N]: n')
    },
    { every: 400 },
  )
  lab.keys('=q:dev-1', 'Enter')
  await screenHas('not closed')
  expect(await open()).toEqual(['dev-1'])
})

test('/help names every command with its words and what it does, a mistyped one gets a suggestion, and neither is said to the model', async () => {
  lab.type('=q:dev-1', '/help')
  for (const { names, args, help } of commands) {
    const words = `${names.join(', ')} ${args}`.trim()
    const listed = () =>
      scrolled()
        .split('\n')
        .some((line) => line.startsWith(`  ${words}`)) && spaced(scrolled()).includes(` ${words} ${help} `)
    await until(listed, { what: `${words} and what it does` })
  }
  for (const word of ['@PATH', '!COMMAND'])
    await until(() => new RegExp(`^  ${word}`, 'm').test(scrolled()), { what: word })
  lab.type('=q:dev-1', '/sesions')
  await screenHas('there is no command /sesions')
  await screenHas('did you mean "/sessions"?')
  lab.type('=q:dev-1', '/etc/passwd is a path, what is in it?')
  await screenHas('You said: /etc/passwd is a path')
  expect(query(lab, 'SELECT * FROM messages')).toHaveLength(2)
})

test('what was pasted or has several lines is said to the model, whatever it looks like, and a line says so', async () => {
  const paste = (text: string) => {
    execFileSync('tmux', ['-u', '-L', lab.socket, 'load-buffer', '-'], { env: lab.env, input: text })
    lab.tmux('paste-buffer', '-p', '-t', '=q:dev-1')
  }
  const users = () => said(lab, 'dev-1').flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  const lines = [
    '!touch canary-1',
    '/quit',
    '/save canary-2',
    '!touch canary-3\n!touch canary-4',
    '/close\ny',
  ]
  for (const [index, line] of lines.entries()) {
    await promptUp(lab, 'dev-1')
    paste(line)
    await until(() => lab.screen('=q:dev-1').trimEnd().endsWith(line))
    // Enter right behind a paste is a part of it.
    await until(
      () => {
        lab.keys('=q:dev-1', 'Enter')
        return users().length > index
      },
      { every: 300 },
    )
  }
  await until(() => said(lab, 'dev-1').length === 2 * lines.length)
  expect(users().map((text) => text.trimEnd())).toEqual(lines)
  expect(scrolled()).toContain('(sent as a prompt: what was pasted is not a command)')
  expect(scrolled()).toContain('(sent as a prompt: what has several lines is not a command)')
  expect(readdirSync(lab.home).filter((name) => name.startsWith('canary'))).toEqual([])
  expect((await session(lab, 'dev-1')).status).not.toBe('Completed')
})

test('a typed line that begins with a word which is no command is sent, and a dim line says so', async () => {
  lab.type('=q:dev-1', '/tmp is full, what now?')
  await screenHas('(/tmp is not a command: sent as a prompt)')
  await screenHas('You said: /tmp is full')
  lab.type('=q:dev-1', '/quit handler in app.ts: it throws')
  await screenHas('usage: /quit')
  lab.type('=q:dev-1', '/save button handler')
  await screenHas('usage: /save FILE')
  await screenHas('put a name with blanks between quotes')
  expect(said(lab, 'dev-1')).toHaveLength(2)
})

test('/new with several words behind a type opens a session and says them to it, whatever they look like', async () => {
  lab.type('=q:dev-1', '/new debug /quit  it now')
  await until(() => shown() === 'debug-1')
  await until(() => said(lab, 'debug-1').length === 2)
  expect(said(lab, 'debug-1')[0]?.text).toBe('/quit  it now')
  expect(await session(lab, 'debug-1')).toMatchObject({ type: 'Debug' })
})

test('/quit leaves: the window goes, the session stays open and comes back', async () => {
  await lab.q(['mux', 'new', 'other', '--background'])
  lab.type('=q:dev-1', '/quit')
  await until(() => windowNames(lab).join() === 'other')
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Paused', pid: null, window: null })
  await lab.q(['mux', 'switch', 'dev-1'])
  await promptUp(lab, 'dev-1')
})

test.each([100, 60, 40])('/help breaks no word and stays under its column at %i columns', async (columns) => {
  // A window that begins so wide: one that is resized may not have heard of it when it reads the line.
  lab.tmux('set-option', '-t', '=q:', 'default-size', `${columns}x60`)
  await lab.q(['mux', 'new', 'narrow', '--background'])
  const at = '=q:narrow'
  await until(() => lab.screen(at).includes('model: '))
  await promptUp(lab, 'narrow')
  expect(lab.tmux('display-message', '-p', '-t', at, '#{pane_width}')).toBe(String(columns))
  lab.type(at, '/help')
  await until(() => /with q mux[\s\S]*\n\[narrow\] q>$/.test(lab.screen(at).trimEnd()))
  const lines = lab.screen(at).split('\n')
  const help = lines
    .slice(lines.findIndex((line) => line.endsWith('/help')) + 1)
    .filter((line) => line !== '')
  const whole = lab.tmux('capture-pane', '-p', '-J', '-t', at).split('\n')
  const ours = whole.filter((line) => !line.startsWith('model: '))
  expect(ours.filter((line) => line.trimEnd().length > columns)).toEqual([])
  const column = columns === 40 ? 6 : (help[0]?.search(/list the/) ?? 0)
  const indents = new Set(help.slice(0, -1).map((line) => line.search(/\S/)))
  expect([...indents].sort((a, b) => a - b)).toEqual([2, column])
})
