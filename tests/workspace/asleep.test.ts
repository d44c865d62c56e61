import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { workerLinkPath } from '../../src/status/worker-link.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

async function openSessions(...names: string[]): Promise<void> {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'rename', 'dev-1', names[0] ?? 'first'])
  for (const name of names.slice(1)) expect((await lab.q(['mux', 'new', name, '--background'])).code).toBe(0)
  for (const name of names) await until(async () => (await session(name)).pid !== null)
}

async function session(name: string): Promise<SessionView> {
  const found = (await lab.list()).sessions.find((one) => one.name === name)
  if (!found) throw new Error(`Expected a session ${name}`)
  return found
}

/** Says to a session's worker what the controller says after an hour: nobody needs it. */
function letEnd(id: string): Promise<void> {
  const path = workerLinkPath(join(lab.runtimeDir, 'w'), id)
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.write('s'))
    socket.on('data', () => socket.destroy())
    // It may be on its way to sleep already.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve())
  })
}

async function asleep(name: string): Promise<SessionView> {
  const { id } = await session(name)
  await letEnd(id)
  return until(async () => {
    const now = await session(name)
    return now.asleep && now.pid === null && now
  })
}

function history(pane: string): string {
  return lab.tmux('capture-pane', '-p', '-S', '-', '-t', pane)
}

test('a session that sleeps waits as it did, keeps what was on its screen, and wakes where it is looked at', async () => {
  await openSessions('alpha', 'beta')
  await lab.q(['mux', 'send', 'beta', 'count to 1'])
  await until(() => lab.corner() === '[beta]')
  const before = await session('beta')
  const corners: string[] = []
  const watching = setInterval(() => corners.push(lab.corner()), 20)
  const slept = await asleep('beta').finally(() => clearInterval(watching))
  expect(slept).toMatchObject({ status: 'WaitingForInput', waitingFor: 'input', since: before.since })
  expect(new Set(corners)).toEqual(new Set(['[beta]']))
  expect(lab.screen(slept.pane ?? '')).toContain('beta sleeps: looking at it, or a prompt, wakes it')

  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[alpha] q>'))
  lab.tmux('select-window', '-t', slept.window ?? '')
  await until(() => terminal.screen().includes('[beta] q>'))
  const woken = await session('beta')
  expect(woken).toMatchObject({ asleep: false, status: 'Active', waitingFor: 'input', since: before.since })
  const text = history(slept.pane ?? '')
  expect(text).toMatch(
    /count to 1[\s\S]*Done: now this session waits for you[\s\S]*── last time[\s\S]*count to 1[\s\S]*\[beta\] q>/,
  )
})

test('who has typed something, or works, or is asked something, does not sleep', async () => {
  await openSessions('alpha', 'beta', 'gamma')
  const [, beta, gamma] = (await lab.list()).sessions
  lab.tmux('send-keys', '-t', beta?.pane ?? '', '-l', 'half a thou')
  await until(() => lab.screen(beta?.pane ?? '').includes('half a thou'))
  await lab.q(['mux', 'send', 'gamma', 'count to 60'])
  await until(() => lab.screen(gamma?.pane ?? '').includes('1, 2'))
  for (const one of [beta, gamma]) await letEnd(one?.id ?? '')
  lab.tmux('send-keys', '-t', beta?.pane ?? '', '-l', 'ght')
  await until(() => lab.screen(beta?.pane ?? '').includes('half a thought'))
  lab.keys(gamma?.pane ?? '', 'C-c')
  await until(() => lab.screen(gamma?.pane ?? '').includes('what came is kept'))
  for (const name of ['beta', 'gamma'])
    expect(await session(name)).toMatchObject({ asleep: false, pid: expect.any(Number) })
})

test('a prompt wakes a session that sleeps, and is answered', async () => {
  await openSessions('alpha', 'beta')
  await asleep('beta')
  const sent = await lab.q(['mux', 'send', 'beta', 'count to 1'])
  expect(sent.stderr + sent.stdout).toContain('it starts now')
  await until(() => lab.corner() === '[beta]')
  expect(await session('beta')).toMatchObject({ messages: 2, asleep: false })
})

test('several that wake a session at once wake it once, as the events say', async () => {
  await openSessions('alpha', 'beta')
  const { id } = await asleep('beta')
  await Promise.all([lab.q(['mux', 'switch', 'beta']), lab.q(['mux', 'send', 'beta', 'count to 1'])])
  await until(async () => (await session('beta')).messages === 2)
  const db = new Database(lab.database, { readonly: true })
  const sql = "SELECT event FROM events WHERE conversation_id = ? AND event IN ('slept', 'woke') ORDER BY seq"
  try {
    expect(db.prepare(sql).pluck().all(id)).toEqual(['slept', 'woke'])
  } finally {
    db.close()
  }
})

test('prompts that meet a session on its way to sleep are each answered once', async () => {
  await openSessions('alpha', 'beta')
  const { id } = await session('beta')
  const rounds = 8
  for (let round = 1; round <= rounds; round += 1) {
    const falling = letEnd(id)
    const sent = lab.q(['mux', 'send', 'beta', 'count to 1'])
    await falling
    await letEnd(id)
    expect(await sent).toMatchObject({ code: 0 })
    await until(async () => {
      const { messages, status, waitingFor } = await session('beta')
      return messages === 2 * round && status === 'WaitingForInput' && waitingFor === 'input'
    })
  }
})

test('a hook of the user that runs dead panes again wakes no session that went to sleep', async () => {
  writeFileSync(join(lab.home, '.tmux.conf'), "set-hook -g pane-died 'respawn-pane'\n")
  await openSessions('alpha', 'beta')
  const { pane } = await asleep('beta')
  await until(() => lab.tmux('display-message', '-p', '-t', pane ?? '', '#{pane_dead}') === '1')
  // What tmux would do by then, it has done.
  lab.tmux('new-window', '-d', 'true')
  await lab.q(['mux', 'new', 'gamma', '--background'])
  expect(await session('beta')).toMatchObject({ asleep: true, pid: null })
})

test('a session that sleeps has its new name in the corner', async () => {
  await openSessions('alpha', 'beta')
  await lab.q(['mux', 'send', 'beta', 'count to 1'])
  await until(() => lab.corner() === '[beta]')
  await asleep('beta')
  expect(await lab.q(['mux', 'rename', 'beta', 'delta'])).toMatchObject({ code: 0 })
  await until(() => lab.corner() === '[delta]')
})

test('after a restore the sessions that sleep cost nothing, but for one that has a prompt to answer', async () => {
  await openSessions('alpha', 'beta', 'gamma')
  await lab.q(['mux', 'stop'])
  expect((await lab.q(['mux', 'send', 'beta', 'count to 1'])).code).toBe(0)
  await lab.q(['mux', '--detach'])
  await until(() => lab.corner() === '[beta]')
  expect((await session('beta')).messages).toBe(2)
  const alpha = await session('alpha')
  expect(alpha).toMatchObject({ asleep: true, pid: null, status: 'WaitingForInput', waitingFor: null })
  expect((await lab.q(['mux', 'list'])).stdout).toMatch(/alpha +\[NEW\]/)
  const mark = (): string => lab.tmux('show-options', '-wqv', '-t', alpha.window ?? '', '@q_mark')
  await until(() => mark() === '')
  expect(lab.tmux('list-windows', '-t', '=q:', '-F', '#{@q_mark}')).not.toContain('-')
})

test('a session that sleeps can be closed, and what it was asked is not lost by a kill of its controller', async () => {
  await openSessions('alpha', 'beta', 'gamma')
  await asleep('beta')
  await asleep('gamma')
  expect(await lab.q(['mux', 'close', 'gamma', '--yes'])).toMatchObject({ code: 0 })
  process.kill((await lab.list()).controller?.pid ?? 0, 'SIGKILL')
  await until(async () => (await lab.list()).controller !== null)
  expect((await lab.list()).sessions.map(({ name, asleep }) => [name, asleep])).toEqual([
    ['alpha', false],
    ['beta', true],
  ])
})
