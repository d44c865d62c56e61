import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

async function sessionOf(idOrName: string) {
  const found = (await lab.list('--all')).sessions.find(
    ({ id, name }) => id === idOrName || name === idOrName,
  )
  if (!found) throw new Error(`Expected a session ${idOrName}`)
  return found
}

test('the name that new printed reaches its session also after that named itself, and no other is called so', async () => {
  const naming = { env: { Q_SESSIONS_AUTO_GENERATE_NAMES: '' } }
  await lab.q(['mux', '--detach'], naming)
  const prompt = 'why does the terraform apply fail with a state lock error?'
  const made = await lab.q(['mux', 'new', '-b', '--json', '--prompt', prompt], naming)
  const { id, name } = JSON.parse(made.stdout)
  await until(async () => (await sessionOf(id)).name.includes('terraform'))
  await until(async () => (await sessionOf(id)).turn === 1)
  expect(name).toMatch(/^dev-2$|terraform/)
  const second = await lab.q(['mux', 'new', '-b', '--type', 'development'], naming)
  expect(second.stdout).toBe('dev-3\n')
  for (const [at, handle] of ['dev-2', id, id.slice(0, 8), 'DEV-2'].entries()) {
    const sent = await lab.q(['mux', 'send', handle, 'and then?'])
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    expect(sent.stdout).toMatch(/^[a-z0-9-]*terraform[a-z0-9-]*: accepted/)
    await until(async () => (await sessionOf(id)).turn === 2 + at)
  }
  expect((await sessionOf('dev-3')).turn).toBe(0)
})

test('every verb that takes a name takes an earlier one and an id', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', '-b'])
  await lab.q(['mux', 'rename', 'dev-2', 'trip'])
  const { id } = await sessionOf('trip')
  for (const handle of ['dev-2', id]) {
    expect((await lab.q(['mux', 'approve', handle])).stderr).toContain('trip')
    expect((await lab.q(['mux', 'deny', handle])).stderr).toContain('trip')
    expect((await lab.q(['mux', 'open', handle, '-b'])).stderr).toBe('trip is open already\n')
    await lab.q(['mux', 'switch', 'dev-1'])
    expect((await lab.q(['mux', 'switch', handle])).code).toBe(0)
    expect(lab.tmux('display-message', '-p', '-t', '=q:', '#{@q_session}')).toBe(id)
  }
  expect((await lab.q(['mux', 'rename', id, 'journey'])).stdout).toBe('journey\n')
  expect((await lab.q(['mux', 'rename', 'dev-2', 'voyage'])).stdout).toBe('voyage\n')
  expect((await lab.q(['mux', 'close', 'trip', '--yes'])).stderr).toBe('closed voyage\n')
  expect(await lab.q(['mux', 'open', 'journey', '-b'])).toMatchObject({ code: 0, stdout: 'voyage\n' })
  expect((await lab.q(['mux', 'close', id, '--yes'])).stderr).toBe('closed voyage\n')
})

test('what means a session that is not open reaches no other that begins so', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'dev-10', '-b'])
  await lab.q(['mux', 'rename', 'dev-1', 'api'])
  await lab.q(['mux', 'close', 'api', '--yes'])
  for (const handle of ['dev-1', 'api', (await sessionOf('api')).id]) {
    const sent = await lab.q(['mux', 'send', handle, 'hello'])
    expect(sent).toMatchObject({ code: 2, stdout: '' })
    expect(sent.stderr).toMatch(/^q: (api|"[^"]+" is api, which) is closed\n +open it: q mux open api\n$/)
  }
  expect((await sessionOf('dev-10')).messages).toBe(0)
  await lab.q(['chat', '--name', 'plain', 'hello'])
  expect((await lab.q(['mux', 'send', 'plain', 'hello'])).stderr).toContain('there is no session "plain"')
  const { id } = await sessionOf('plain')
  expect((await lab.q(['mux', 'send', id, 'hello'])).stderr).toContain(
    'is plain, which is not in this workspace',
  )
})

test('what could be several is refused with them, wherever it is taken', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'api-one', '-b'])
  await lab.q(['mux', 'new', 'api-two', '-b'])
  for (const words of [
    ['send', 'api', 'hi'],
    ['switch', 'api'],
    ['rename', 'api', 'x'],
    ['close', 'api', '-y'],
  ])
    expect(await lab.q(['mux', ...words])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"api" could be api-one, api-two'),
    })
  const resumed = await lab.q(['chat', '--resume', 'api', 'hi'])
  expect(resumed.code).toBe(2)
  expect(resumed.stderr).toMatch(/"api" could be\n.* api-(one|two) /)
})

test('chat --resume takes earlier names and ids', async () => {
  await lab.q(['chat', '--name', 'trip', 'hello'])
  const { id } = await sessionOf('trip')
  await lab.q(['mux', 'open', 'trip', '-b'])
  await lab.q(['mux', 'rename', 'trip', 'journey'])
  await lab.q(['mux', 'close', 'journey', '-y'])
  for (const [at, handle] of ['trip', id, id.slice(0, 8), 'journey'].entries()) {
    expect(await lab.q(['chat', '--resume', handle, 'hello'])).toMatchObject({ code: 0 })
    expect((await sessionOf(id)).turn).toBe(2 + at)
  }
})

test('new and open print with --json what list --json says', async () => {
  await lab.q(['mux', '--detach'])
  const made = JSON.parse((await lab.q(['mux', 'new', 'trip', '-b', '--json'])).stdout)
  const { id, name, window, pane, type, messages } = await sessionOf('trip')
  expect(made).toMatchObject({ id, name, window, pane, type, messages, nameSource: 'user' })
  expect(Object.keys(made).sort()).toEqual(Object.keys(await sessionOf('trip')).sort())
  expect(JSON.parse((await lab.q(['mux', 'new', 'there', '--json'])).stdout)).toMatchObject({
    name: 'there',
    status: expect.any(String),
  })
  await lab.q(['mux', 'close', 'trip', '-y'])
  const opened = await lab.q(['mux', 'open', 'trip', '-b', '--json'])
  expect(JSON.parse(opened.stdout)).toMatchObject({ id, name: 'trip' })
})

test('a name that meant another means the new one, and each command says so', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'rename', 'dev-1', 'api'])
  await lab.q(['mux', 'rename', 'api', 'backend'])
  const words = (name: string, before: string) =>
    `${name} is what ${before} was called before: it means this session from now on\n`
  expect(await lab.q(['mux', 'new', 'api', '-b'])).toMatchObject({
    stdout: 'api\n',
    stderr: words('api', 'backend'),
  })
  expect((await lab.q(['mux', 'send', 'api', 'hello'])).stdout).toMatch(/^api: /)
  expect(await lab.q(['mux', 'rename', 'api', 'dev-1'])).toMatchObject({ stderr: words('dev-1', 'backend') })
  expect((await lab.q(['mux', 'send', 'api', 'hello'])).stdout).toMatch(/^dev-1: /)
  await lab.q(['mux', 'rename', 'backend', 'api'])
  await lab.q(['mux', 'rename', 'api', 'backend'])
  await lab.q(['mux', 'close', 'dev-1', '-y'])
  await lab.q(['mux', 'rename', 'backend', 'dev-1'])
  await lab.q(['mux', 'rename', 'dev-1', 'backend'])
  // The one that was closed chose its name: it has it again, and it is said.
  expect(await lab.q(['mux', 'open', 'dev-1', '-b'])).toMatchObject({
    stdout: 'dev-1\n',
    stderr: words('dev-1', 'backend'),
  })
})

test('the slash commands take earlier names and ids, and say whom a name meant', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'trip', '-b'])
  await lab.q(['mux', 'rename', 'trip', 'journey'])
  const { id, pane } = await sessionOf('journey')
  const first = (await sessionOf('dev-1')).pane ?? ''
  await until(() => lab.screen(first).includes('[dev-1] q>'))
  const shown = (): string => lab.tmux('display-message', '-p', '-t', '=q:', '#{pane_id}')
  for (const handle of ['trip', id]) {
    lab.type(first, `/switch ${handle}`)
    await until(() => shown() === pane)
    await lab.q(['mux', 'switch', 'dev-1'])
  }
  lab.type(first, '/session-name first')
  await until(() => lab.screen(first).includes('[first] q>'))
  lab.type(first, '/session-name trip')
  await until(() => lab.screen(first).includes('trip is what journey was called before'))
  lab.type(first, '/new first')
  await until(async () => (await lab.list()).sessions.length === 3)
  await until(() => lab.screen(first).includes('first is what trip was called before'))
  lab.type(first, `/close ${id.slice(0, 8)}`)
  await until(() => lab.screen(first).includes('Close journey?'))
  await lab.q(['mux', 'rename', 'journey', 'voyage'])
  lab.type(first, 'y')
  await until(async () => (await sessionOf(id)).status === 'Completed')
  expect((await lab.list()).sessions.map(({ name }) => name).sort()).toEqual(['first', 'trip'])
})

test('Tab offers names, and earlier ones and ids where no name begins so', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'trip', '-b'])
  await lab.q(['mux', 'rename', 'trip', 'journey'])
  const { id } = await sessionOf('journey')
  const offered = async (...words: string[]) => (await lab.q(['complete', '--', ...words])).stdout
  expect(await offered('mux', 'send', '')).toBe('dev-1\njourney\n')
  expect(await offered('mux', 'switch', 'tr')).toBe('trip\n')
  expect(await offered('mux', 'close', id.slice(0, 8))).toBe(`${id}\n`)
  expect(await offered('mux', 'close', id.slice(0, 7))).toBe('')
  await lab.q(['mux', 'close', 'journey', '-y'])
  expect(await offered('mux', 'switch', 'tr')).toBe('')
  expect(await offered('mux', 'open', 'tr')).toBe('trip\n')
  expect(await offered('chat', '--resume', 'jou')).toBe('journey\n')
})

test('sessions that are opened at once and name themselves meanwhile never share an automatic name', async () => {
  const naming = { env: { Q_SESSIONS_AUTO_GENERATE_NAMES: '' } }
  await lab.q(['mux', '--detach'], naming)
  const prompt = 'write a changelog for the release notes'
  const made = await Promise.all(
    [...Array(8)].map((_, at) =>
      lab.q(['mux', 'new', '-b', ...(at % 2 ? [] : ['--prompt', prompt])], naming),
    ),
  )
  const printed = made.map(({ stdout }) => stdout.trim())
  expect(new Set(printed).size).toBe(8)
  await until(async () => (await lab.list()).sessions.filter(({ turn }) => turn === 1).length === 4)
  const later = await lab.q(['mux', 'new', '-b'], naming)
  expect(printed).not.toContain(later.stdout.trim())
})
