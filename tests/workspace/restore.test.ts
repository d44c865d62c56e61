import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readInvocation } from '../../src/app/invocation.ts'
import { openSharedStore } from '../../src/app/shared-store.ts'
import { insertSession } from '../../src/store/sessions.ts'
import { endProcess, type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { openBedrockLab } from '../worker/harness.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** A reboot: every process of the lab is gone at once, and with them what lived in the runtime directory. */
function reboot(): void {
  for (const pid of processesOf(lab.home)) endProcess(pid)
  rmSync(`${lab.home}/run/q-mux`, { recursive: true, force: true })
}

function windowNames(): string[] {
  return lab.tmux('list-windows', '-t', '=q:', '-F', '#{window_name}').split('\n')
}

async function openSessions(names: string[]): Promise<void> {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'rename', 'dev-1', names[0] ?? 'first'])
  for (const name of names.slice(1)) expect((await lab.q(['mux', 'new', name, '--background'])).code).toBe(0)
}

test('after a reboot every open session is back once, in its order, and waits as it waited', async () => {
  await openSessions(['alpha', 'beta', 'gamma'])
  await lab.q(['mux', 'send', 'beta', 'how do I stop the workspace'])
  await until(() => lab.corner() === '[beta]')
  const before = await lab.list()
  lab.tmux('swap-window', '-s', '=q:0', '-t', '=q:2')
  lab.tmux('new-window', '-d', '-t', '=q:')
  await until(async () => (await lab.list()).sessions.map(({ name }) => name).join() === 'gamma,beta,alpha')
  reboot()
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  await until(() => lab.corner() === '[beta]')
  expect(windowNames()).toEqual(['gamma', 'beta', 'alpha'])
  const beta = (await lab.list()).sessions.find(({ name }) => name === 'beta')
  expect(beta).toMatchObject({ status: 'WaitingForInput', waitingFor: 'input', messages: 2 })
  expect(beta?.since).toBe(before.sessions.find(({ name }) => name === 'beta')?.since)
})

test('restoring sends nothing to a model, and an answer that was cut off says so', async () => {
  await lab.dispose()
  const withModel = await openBedrockLab()
  lab = withModel
  await openSessions(['alpha'])
  await lab.q(['mux', 'send', 'alpha', 'hold'])
  await until(async () =>
    (await lab.list()).sessions.some(({ status, messages }) => status === 'Processing' && messages === 2),
  )
  const [before] = (await lab.list()).sessions
  const asked = withModel.server.requests.length
  reboot()
  await lab.q(['mux', '--detach'])
  await until(() => lab.corner() === '[alpha✗]')
  await until(() => lab.screen().includes('cut off'))
  const [alpha] = (await lab.list()).sessions
  expect(alpha).toMatchObject({ waitingFor: 'error', detail: 'cut off in mid-answer' })
  expect(alpha?.messages).toBe(before?.messages)
  expect(withModel.server.requests).toHaveLength(asked)
})

test('of forty sessions all but the shown one sleep until they are looked at or prompted', async () => {
  const invocation = await readInvocation({ workspace: 'q', socket: lab.socket }, lab.env)
  const store = await openSharedStore(invocation, () => {})
  for (let at = 1; at <= 40; at += 1) {
    const session = { id: randomUUID(), name: `session-${at}`, workspace: 'q', cwd: lab.home } as const
    await store.write(() =>
      insertSession(store, { ...session, nameSource: 'user', type: 'Debug', typeSource: 'user' }),
    )
  }
  store.close()
  await lab.q(['mux', '--detach'])
  const workers = async () =>
    (await lab.list()).sessions.filter(({ pid }) => pid !== null).map(({ name }) => name)
  await until(async () => (await workers()).length === 1)
  expect(windowNames()).toHaveLength(40)

  await lab.q(['mux', 'send', 'session-30', 'what are the keys'])
  await until(async () => (await workers()).includes('session-30'))
  expect(await workers()).toHaveLength(2)
  await until(() => lab.corner().includes('[session-30]'))
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('q>'))
  lab.tmux('select-window', '-t', '=q:35')
  await until(() => terminal.screen().includes('[session-36] q>'))
})

test('a restore that was interrupted is completed by the next q mux', async () => {
  await openSessions(['alpha', 'beta', 'gamma', 'delta', 'epsilon'])
  await lab.q(['mux', 'stop'])
  const first = lab.start(process.execPath, [
    new URL('../../bin/q.js', import.meta.url).pathname,
    'mux',
    '--detach',
  ])
  await until(() => hasSession())
  first.kill('SIGKILL')
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  expect(windowNames().toSorted()).toEqual(['alpha', 'beta', 'delta', 'epsilon', 'gamma'])
})

test('with persist_sessions off the next start begins afresh, and what was said is kept', async () => {
  lab.config('[sessions]\npersist_sessions = false\n')
  await openSessions(['alpha', 'beta'])
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  expect((await lab.list()).sessions.map(({ name }) => name)).toEqual(['dev-2'])
  const all = (await lab.list('--all')).sessions
  expect(
    all
      .filter(({ status }) => status === 'Completed')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['alpha', 'beta'])
})

function hasSession(): boolean {
  try {
    lab.tmux('has-session', '-t', '=q')
    return true
  } catch {
    return false
  }
}
