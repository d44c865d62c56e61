import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  openShell,
  promptUp,
  q,
  query,
  said,
  session,
  startWorkspace,
  windowNames,
} from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const workers = (): number[] =>
  processesOf(lab.home).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words[0] === process.execPath && words.includes('worker')
    } catch {
      return false
    }
  })
const owners = () => query(lab, 'SELECT 1 FROM conversations WHERE owner_pid IS NOT NULL')
const states = async (): Promise<string[]> =>
  Promise.all(
    (await readdir(lab.statusDir))
      .filter((file) => file.endsWith('.json'))
      .map(async (file) => JSON.parse(readFileSync(join(lab.statusDir, file), 'utf8')).state),
  )

/** Its worker is gone, said so, kept what came and gave the conversation back. */
async function leftInOrder(pid: number): Promise<void> {
  await until(() => !workers().includes(pid), { patience: 60_000, what: 'the end of the worker' })
  expect(await states()).toEqual(['exited'])
  expect(owners()).toEqual([])
  expect(said(lab, 'dev-1').at(-1)).toMatchObject({ role: 'assistant', partial: true })
}

/** `dev-1` in the middle of an answer; resolves with its worker's process. */
async function answering(): Promise<number> {
  await startWorkspace(lab)
  lab.type(pane, 'endless')
  await until(() => said(lab, 'dev-1')[1]?.text.includes('on and'))
  return (await session(lab, 'dev-1')).pid ?? 0
}

const endings: [string, (pid: number) => void][] = [
  ['SIGHUP', (pid) => process.kill(pid, 'SIGHUP')],
  ['SIGTERM', (pid) => process.kill(pid, 'SIGTERM')],
  ['kill-window', () => lab.tmux('kill-window', '-t', pane)],
  ['kill-session', () => lab.tmux('kill-session', '-t', '=q')],
  ['kill-server', () => lab.tmux('kill-server')],
]

test.each(endings)('%s in mid-answer: saved, said so, given back and gone', async (_, end) => {
  const pid = await answering()
  end(pid)
  await leftInOrder(pid)
  expect(workers()).toEqual([])
})

test('a worker that asks a question goes with its window too', async () => {
  await startWorkspace(lab)
  lab.type(pane, '/close')
  await until(() => lab.screen(pane).includes('Close dev-1?'))
  lab.tmux('kill-session', '-t', '=q')
  await until(() => workers().length === 0, { patience: 60_000 })
  expect(await states()).toEqual(['exited'])
  expect((await session(lab, 'dev-1')).status).toBe('Paused')
})

test('a session closed from outside while it asks or answers ends at once', async () => {
  await startWorkspace(lab)
  for (const name of ['asks', 'answers']) {
    await lab.q(['mux', 'new', name, '--background'])
    await promptUp(lab, name)
  }
  lab.type('=q:asks', '/close')
  await until(() => lab.screen('=q:asks').includes('Close asks?'))
  lab.type('=q:answers', 'endless')
  await until(() => said(lab, 'answers').length === 2)
  for (const name of ['asks', 'answers']) await lab.q(['mux', 'close', name, '--yes'])
  await until(() => workers().length === 1)
  expect((await lab.list()).sessions.map(({ name }) => name)).toEqual(['dev-1'])
  expect(said(lab, 'answers')[1]).toMatchObject({ partial: true })
})

test('the outer terminal may go: the workspace and its answer go on; a plain chat ends with it', async () => {
  await startWorkspace(lab)
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  const chat = openShell(lab, `${q} chat --name plain`)
  await until(() => chat.screen().includes('[plain] q>'))
  chat.type('endless')
  await until(() => said(lab, 'plain')[1]?.text.includes('on and'))
  terminal.type('hold')
  await until(() => said(lab, 'dev-1').length === 2)
  terminal.tmux('kill-server')
  await until(() => lab.tmux('list-clients', '-t', '=q', '-F', '#{client_control_mode}') === '1')
  await until(() => query(lab, 'SELECT 1 FROM conversations WHERE owner_pid IS NOT NULL').length === 1)
  expect(said(lab, 'plain')[1]).toMatchObject({ partial: true })
  lab.server.release()
  await until(() => said(lab, 'dev-1')[1]?.text === 'holding and released')
  const back = lab.terminal()
  await until(() => back.screen().includes('holding and released'))
})

test('one session has one worker: a second one started by hand says where the first is', async () => {
  await startWorkspace(lab)
  const { id, pid, window } = await session(lab, 'dev-1')
  lab.tmux('new-window', '-d', '-t', '=q:', '-n', 'twin', '--', process.execPath, entry, 'worker', id)
  await until(() => lab.screen('=q:twin').includes(`dev-1 is open already, in process ${pid}`))
  expect(lab.screen('=q:twin')).toContain('go there: q mux switch dev-1')
  lab.type(pane, 'say still mine')
  await until(() => said(lab, 'dev-1').length === 2)
  expect(await session(lab, 'dev-1')).toMatchObject({ pid, window, messages: 2 })
  lab.keys('=q:twin', 'C-c')
  await until(() => !windowNames(lab).includes('twin'))
})

test('whatever the umask, files are for their owner only', async () => {
  const shell = openShell(lab, `umask 000; ${q} mux --detach; ${q} config set ui.max_indicator_sessions 3`)
  await until(() => shell.screen().includes('is now 3'))
  await promptUp(lab, 'dev-1')
  lab.type(pane, 'say hello')
  await until(() => said(lab, 'dev-1').length === 2)
  await lab.q(['mux', 'new', 'second', '--background'])
  // Its line is open, and closed to others, before its status says that it is there.
  await until(async () => (await session(lab, 'second')).pid !== null)
  const open: string[] = []
  for (const file of await readdir(lab.home, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name)
    // XDG's own directories are not ours to narrow; what is in them is.
    if (!/q-mux|qlab/.test(path)) continue
    const mode = statSync(path).mode & 0o777
    if ((mode & 0o077) !== 0) open.push(`${path} ${mode.toString(8)}`)
  }
  expect(open).toEqual([])
})
