import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { openStoreAt } from '../support/store.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('a closed session is open again, in a window, with what was said', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 's3-debug', '--background', '--prompt', 'hello there'])
  await until(async () => (await row('s3-debug'))?.messages === 2)
  await lab.q(['mux', 'close', 's3-debug', '--yes'])
  expect((await row('s3-debug'))?.status).toBe('Completed')
  expect(await lab.q(['mux', 'open', 's3'])).toMatchObject({ code: 0, stdout: 's3-debug\n', stderr: '' })
  await until(async () => (await row('s3-debug'))?.pid)
  expect(await row('s3-debug')).toMatchObject({ messages: 2, waitingFor: 'input' })
  expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')).toContain('s3-debug')
  expect((await lab.q(['mux', 'open', 's3-debug', '--background'])).stderr).toBe('s3-debug is open already\n')
})

test('a plain chat becomes a session of the workspace, started if need be, under a name that is free', async () => {
  await lab.q(['chat', 'say something'])
  expect(await lab.q(['mux', 'open', 'dev-1', '--background'])).toMatchObject({ code: 0, stdout: 'dev-1\n' })
  await until(async () => (await row('dev-1'))?.pid)
  await lab.q(['chat', 'say more', '--name', 'dev-1'])
  // A number is as good as another for a name that nobody chose.
  const store = await openStoreAt(lab.database)
  store.db.prepare("UPDATE conversations SET name_source = 'auto'").run()
  store.close()
  expect(await lab.q(['mux', 'open', 'dev-1', '--background'])).toMatchObject({ code: 0, stdout: 'dev-2\n' })
})

test('its name is made free when another open session has it', async () => {
  await lab.q(['mux', 'new', 'twin', '--background'])
  await lab.q(['mux', 'close', 'twin', '--yes'])
  await lab.q(['mux', 'new', 'twin', '--background'])
  expect(await lab.q(['mux', 'open', 'twin', '--background'])).toMatchObject({
    stdout: 'twin-2\n',
    stderr: 'twin is now twin-2: its name means another open session\n',
  })
})

test('of several, it says which there are, and one is chosen by its id', async () => {
  for (let number = 0; number < 2; number += 1) {
    await lab.q(['mux', 'new', 'twin', '--background'])
    await lab.q(['mux', 'close', 'twin', '--yes'])
  }
  const refused = await lab.q(['mux', 'open', 'twin', '--background'])
  expect(refused.code).toBe(2)
  const ids = [...refused.stderr.matchAll(/^ {2}([0-9a-f]{8}) {2}twin {2}\d{4}-\d\d-\d\d \d\d:\d\d/gm)].map(
    ([, id]) => id,
  )
  expect(ids).toHaveLength(2)
  const all = (await lab.list('--all')).sessions.filter(({ name }) => name === 'twin')
  const opened = await lab.q(['mux', 'open', ids[1] ?? '', '--background'])
  expect(opened).toMatchObject({ code: 0, stdout: 'twin\n' })
  const [open] = (await lab.list()).sessions.filter(({ name }) => name === 'twin')
  expect(all.map(({ id }) => id)).toContain(open?.id)
  expect(open?.id.startsWith(ids[1] ?? '-')).toBe(true)
})

test('the limit holds, and what is open elsewhere stays there', async () => {
  await lab.q(['mux', 'new', 'first', '--background'])
  await lab.q(['mux', 'close', 'first', '--yes'])
  await lab.q(['mux', 'new', 'second', '--background'])
  const limited = { env: { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '1' } }
  expect((await lab.q(['mux', 'open', 'first', '--background'], limited)).stderr).toContain(
    'max_active_sessions is 1',
  )
  expect((await row('first'))?.status).toBe('Completed')
  const elsewhere = await lab.q(['mux', '--workspace', 'other', 'open', 'second', '--background'])
  expect(elsewhere).toMatchObject({ code: 1 })
  expect(elsewhere.stderr).toContain('second is open in the workspace q')
  const store = await openStoreAt(lab.database)
  store.db.prepare("UPDATE conversations SET session_name = 'A #(x)' WHERE session_name = 'first'").run()
  const id = (await lab.list('--all')).sessions.find(({ status }) => status === 'Completed')?.id ?? ''
  store.close()
  expect((await lab.q(['mux', 'open', id, '--background'])).stdout).toMatch(/^dev-\d\n$/)
})

async function row(name: string) {
  return (await lab.list('--all')).sessions.find((session) => session.name === name)
}
