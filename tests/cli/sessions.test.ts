import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const shown = () => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')

test('q mux new starts a workspace that does not run, and prints the name where there is no terminal', async () => {
  const made = await lab.q(['mux', 'new', 'First One', '--type', 'debug'])
  expect(made).toEqual({ code: 0, stdout: 'first-one\n', stderr: '' })
  expect(await lab.list()).toMatchObject({
    running: true,
    sessions: [{ name: 'first-one', type: 'Debug', nameSource: 'user', window: expect.any(String) }],
  })
})

test('q mux new goes to the new session unless --background, works in --cwd and says --prompt to it', async () => {
  await lab.q(['mux', '--detach'])
  const cwd = join(lab.home, 'project')
  mkdirSync(cwd)
  const quiet = await lab.q(['mux', 'new', 'quiet', '--background', '--cwd', 'project', '--prompt', '-v?'])
  expect(quiet).toEqual({ code: 0, stdout: 'quiet\n', stderr: '' })
  expect(shown()).toBe('dev-1')
  await until(() => lab.screen('=q:quiet').includes('[quiet] q> -v? (sent)'))
  await until(async () => (await lab.list()).sessions[1]?.messages === 2)
  expect((await lab.list()).sessions[1]).toMatchObject({ name: 'quiet', cwd })
  expect(await lab.q(['mux', 'new', '--type', 'planning'])).toMatchObject({ code: 0, stdout: 'plan-1\n' })
  expect(shown()).toBe('plan-1')
  const nowhere = await lab.q(['mux', 'new', 'x', '--cwd', 'nowhere'])
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere is not a directory') })
})

test.each(['review', 'code-review', 'CodeReview', 'codereview'])(
  'q mux new takes the words for a type that /new takes: --type %s',
  async (word) => {
    await lab.q(['mux', 'new', 'r', '--background', '--type', word])
    expect(await lab.list()).toMatchObject({ sessions: [{ name: 'r', type: 'CodeReview' }] })
  },
)

test('a workspace that was stopped is listed in the order of its windows, and what was closed behind it', async () => {
  for (const name of ['one', 'two', 'three', 'closed']) await lab.q(['mux', 'new', name, '--background'])
  lab.tmux('swap-window', '-d', '-s', '=q:one', '-t', '=q:two')
  await lab.q(['mux', 'close', 'closed', '--yes'])
  const names = async (...flags: string[]) => (await lab.list(...flags)).sessions.map(({ name }) => name)
  expect(await names()).toEqual(['two', 'one', 'three'])
  await lab.q(['mux', 'send', 'one', 'hello'])
  await until(async () => (await lab.list()).sessions[1]?.messages === 2)
  await lab.q(['mux', 'stop'])
  expect(await names()).toEqual(['two', 'one', 'three'])
  expect(await names('--all')).toEqual(['two', 'one', 'three', 'closed'])
})

test('the limit of open sessions and a name that is taken are refused, with what to do', async () => {
  lab.config('[sessions]\nmax_active_sessions = 2\n')
  await lab.q(['mux', 'new', 'one', '--background'])
  const taken = await lab.q(['mux', 'new', 'ONE', '--background'])
  expect(taken).toMatchObject({ code: 2, stdout: '' })
  expect(taken.stderr).toContain('a session called one is open already')
  await lab.q(['mux', 'new', 'two', '--background'])
  const full = await lab.q(['mux', 'new', 'three', '--background'])
  expect(full).toMatchObject({ code: 1, stdout: '' })
  expect(full.stderr).toContain('2 sessions are open, and sessions.max_active_sessions is 2')
  expect(full.stderr).toContain('q mux close NAME')
  expect((await lab.list()).sessions.map((session) => session.name)).toEqual(['one', 'two'])
  await lab.q(['mux', 'close', 'one', '--yes'])
  expect(await lab.q(['mux', 'new', 'one', '--background'])).toMatchObject({ code: 0 })
})

test('q mux switch takes a name, or its first letters as long as only one session has them', async () => {
  for (const name of ['lambda-deploy', 'lambda-debug', 's3'])
    await lab.q(['mux', 'new', name, '--background'])
  expect(await lab.q(['mux', 'switch', 'lambda-dep'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(shown()).toBe('lambda-deploy')
  await lab.q(['mux', 'switch', 'S'])
  expect(shown()).toBe('s3')
  const several = await lab.q(['mux', 'switch', 'lam'])
  expect(several).toMatchObject({ code: 2, stdout: '' })
  expect(several.stderr).toContain('"lam" could be lambda-deploy, lambda-debug')
  const near = await lab.q(['mux', 'switch', 'lambda-deplyo'])
  expect(near).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "lambda-deploy"?') })
  expect(shown()).toBe('s3')
})

test('next goes to the longest wait first and cycles, back returns to where you were', async () => {
  await lab.q(['mux', '--detach'])
  for (const name of ['long', 'short']) {
    await lab.q(['mux', 'new', name, '--background', '--prompt', 'hello'])
    await until(() => lab.corner().includes(`[${name}]`))
  }
  const nextIs = async (name: string) => {
    await until(() => lab.tmux('show-options', '-qv', '-t', '=q:', '@q_next') !== '')
    expect(await lab.q(['mux', 'next'])).toMatchObject({ code: 0 })
    expect(shown()).toBe(name)
  }
  await nextIs('long')
  await nextIs('short')
  await nextIs('long')
  expect(await lab.q(['mux', 'back'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(shown()).toBe('dev-1')
  await lab.q(['mux', 'back'])
  expect(shown()).toBe('long')
})

test('rename takes the new name to the window, the prompt and the list; close ends it and frees the name', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'old', '--background'])
  await until(() => lab.screen('=q:old').includes('[old] q>'))
  expect(await lab.q(['mux', 'rename', 'old', 'New Name'])).toEqual({
    code: 0,
    stdout: 'new-name\n',
    stderr: '',
  })
  await until(() => lab.screen('=q:new-name').includes('[new-name] q>'))
  expect((await lab.list()).sessions[1]).toMatchObject({ name: 'new-name', nameSource: 'user' })
  const taken = await lab.q(['mux', 'rename', 'new-name', 'dev-1'])
  expect(taken).toMatchObject({ code: 1, stdout: '' })
  expect(taken.stderr).toContain('another open session is called dev-1')

  const unasked = await lab.q(['mux', 'close', 'new-name'])
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('q mux close new-name --yes') })
  expect(await lab.q(['mux', 'close', 'new', '--yes'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'closed new-name\n',
  })
  expect(lab.tmux('list-windows', '-t', '=q', '-F', '#{window_name}')).toBe('dev-1')
  expect((await lab.list()).sessions.map((session) => session.name)).toEqual(['dev-1'])
  expect((await lab.list('--all')).sessions[1]).toMatchObject({ name: 'new-name', status: 'Completed' })
})

test('verbs that need a running workspace say how to start it; stop leaves its sessions Paused', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'kept', '--background'])
  expect(await lab.q(['mux', 'stop'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'stopped q; its sessions come back with q mux\n',
  })
  const after = await lab.list()
  expect(after).toMatchObject({ running: false, controller: null })
  expect(after.sessions.map(({ name, status, pid }) => ({ name, status, pid }))).toEqual([
    { name: 'dev-1', status: 'Paused', pid: null },
    { name: 'kept', status: 'Paused', pid: null },
  ])
  for (const verb of ['next', 'back']) {
    const refused = await lab.q(['mux', verb])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('start it: q mux')
  }
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0, stderr: 'the workspace q does not run\n' })
  expect(await lab.q(['mux', 'switch', 'kept'])).toMatchObject({ code: 0 })
  expect(shown()).toBe('kept')
  expect((await lab.list()).sessions).toHaveLength(2)
})
