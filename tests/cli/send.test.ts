import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  promptUp,
  query,
  said,
  session,
  startWorkspace,
} from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const status = async () => (await session(lab, 'dev-1')).status
const users = () => said(lab, 'dev-1').flatMap(({ role, text }) => (role === 'user' ? [text] : []))
const answers = () => said(lab, 'dev-1').flatMap(({ role, text }) => (role === 'assistant' ? [text] : []))
const queued = () => query(lab, 'SELECT * FROM prompts').length

test('a prompt is said to the session as it is: one line, many lines, 200 KB, and text that begins with -', async () => {
  const sent = await lab.q(['mux', 'send', 'dev-1', 'say', 'one  line'])
  expect(sent).toEqual({ code: 0, stdout: 'dev-1: accepted, it starts now\n', stderr: '' })
  await until(() => answers().length === 1)
  const lines = 'say first line\n\n  second; $(line) `x` #{y}\tand\nthird'
  await lab.q(['mux', 'send', 'dev-1', '-'], { input: lines })
  await until(() => answers().length === 2)
  const long = `say ${'0123456789 abcdef\n'.repeat(11_000)}`
  expect(long.length).toBeGreaterThan(190_000)
  await lab.q(['mux', 'send', 'dev-1', '-'], { input: long })
  await until(() => answers().length === 3)
  await lab.q(['mux', 'send', 'dev-1', '--', '-rf', '--help'])
  await until(() => answers().length === 4)
  expect(users()).toEqual(['say one  line', lines, long, '-rf --help'])
  expect(answers()[0]).toBe('one  line')
  expect(answers()[3]).toBe('You said: -rf --help')
})

test('what is refused is not queued: nothing, blanks, an unknown session', async () => {
  expect(await lab.q(['mux', 'send', 'dev-1', ' '])).toMatchObject({ code: 2, stdout: '' })
  expect(await lab.q(['mux', 'send', 'dev-1', '-'], { input: '\n' })).toMatchObject({ code: 2, stdout: '' })
  const unknown = await lab.q(['mux', 'send', 'dev-2', 'text'])
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toContain('there is no session "dev-2"')
  expect(unknown.stderr).toContain('did you mean "dev-1"?')
  expect(queued()).toBe(0)
})

test('prompts for a busy session are queued, shown in its window, and run afterwards in order', async () => {
  await lab.q(['mux', 'send', 'dev-1', 'hold'])
  await until(async () => (await status()) === 'Processing')
  const second = await lab.q(['mux', 'send', 'dev-1', 'say second'])
  expect(second.stdout).toBe('dev-1: accepted, number 1 in its queue\n')
  const third = await lab.q(['mux', 'send', 'dev-1', 'say third'])
  expect(third.stdout).toBe('dev-1: accepted, number 2 in its queue\n')
  await until(() => lab.screen().includes('(2 prompts queued)'))
  expect((await session(lab, 'dev-1')).detail).toBe('2 queued')
  expect(users()).toEqual(['hold'])
  lab.server.release()
  await until(() => answers().length === 3)
  expect(users()).toEqual(['hold', 'say second', 'say third'])
  expect(answers()).toEqual(['holding and released', 'second', 'third'])
  expect(queued()).toBe(0)
})

test('a prompt for a paused session is kept, and said when the session comes back', async () => {
  await lab.q(['mux', 'stop'])
  const kept = await lab.q(['mux', 'send', 'dev-1', 'say later'])
  expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(/^dev-1: kept/) })
  expect(queued()).toBe(1)
  await lab.q(['mux', '--detach'])
  await until(() => answers().length === 1)
  expect(said(lab, 'dev-1').map(({ text }) => text)).toEqual(['say later', 'later'])
  expect(queued()).toBe(0)
})

test('a half-typed line survives a prompt that is sent meanwhile', async () => {
  lab.keys('=q:', 'say half', 'Left', 'Left')
  await promptUp(lab, 'dev-1', 'say half')
  await lab.q(['mux', 'send', 'dev-1', 'say whole'])
  await until(() => answers().includes('whole'))
  await promptUp(lab, 'dev-1', 'say half')
  lab.keys('=q:', 'X', 'Enter')
  await until(() => users().includes('say haXlf'))
})

test('a command that is sent is done and not said to the model', async () => {
  await lab.q(['mux', 'send', 'dev-1', '/rename sent-name'])
  await promptUp(lab, 'sent-name')
  expect(lab.server.requests).toHaveLength(0)
  expect(query(lab, 'SELECT * FROM messages')).toEqual([])
})

test('only one line that is given as TEXT may be a command: from standard input, of several lines or by --prompt it is a prompt', async () => {
  await lab.q(['mux', 'send', 'dev-1', '-'], { input: '/save stolen.md\n' })
  await until(() => answers().length === 1)
  await lab.q(['mux', 'send', 'dev-1', '/quit\nnow'])
  await until(() => answers().length === 2)
  await lab.q(['mux', 'send', 'dev-1', '!touch stolen.md'])
  await until(() => answers().length === 3)
  expect(users()).toEqual(['/save stolen.md\n', '/quit\nnow', '!touch stolen.md'])
  await lab.q(['mux', 'new', 'other', '--background', '--prompt', '/save stolen.md'])
  await until(() => said(lab, 'other').length === 2)
  expect(existsSync(join(lab.home, 'stolen.md'))).toBe(false)
})

test('a command that cannot be done is refused where it is sent, and an unknown word is a prompt', async () => {
  for (const text of ['/sesions', '/quit handler in app.ts', '/clo']) {
    expect(await lab.q(['mux', 'send', 'dev-1', text])).toMatchObject({ code: 2, stdout: '' })
  }
  expect(queued()).toBe(0)
  await lab.q(['mux', 'send', 'dev-1', '/tmp is full'])
  await until(() => users().includes('/tmp is full'))
})

test('a worker killed at any moment neither loses a sent prompt nor says it twice', {
  timeout: 120_000,
}, async () => {
  const sent: string[] = []
  for (let round = 1; round <= 6; round += 1) {
    const { pid } = await session(lab, 'dev-1')
    if (pid === null) throw new Error('Expected a worker to kill')
    const text = `say number ${round}`
    const sending = lab.q(['mux', 'send', 'dev-1', text])
    sent.push(text)
    // The kill meets the worker earlier or later on its way from the queue to the answer.
    if (round % 2 === 0) await sending
    process.kill(pid, 'SIGKILL')
    expect((await sending).code).toBe(0)
    await until(async () => {
      await lab.q(['mux', 'switch', 'dev-1'])
      return lab.screen().includes('Press Enter') || (await session(lab, 'dev-1')).pid
    })
    lab.keys('=q:', 'Enter')
    await until(async () => {
      const { pid: next } = await session(lab, 'dev-1')
      return next !== null && next !== pid
    })
  }
  await until(() => queued() === 0)
  expect(users()).toEqual(sent)
})
