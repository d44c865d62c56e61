import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeAll(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'Other One', '--type', 'codereview', '--background'])
  await until(async () => (await lab.list()).sessions.every((session) => session.pid !== null))
})
afterAll(() => lab.dispose())

const esc = '\u001b'

test('list --json has the fields of the contract with their types, and null where one does not apply', async () => {
  const description = await lab.list()
  expect(Object.keys(description).sort()).toEqual(['controller', 'running', 'sessions', 'workspace'])
  expect(description).toMatchObject({
    workspace: 'q',
    running: true,
    controller: { pid: expect.any(Number) },
  })
  const [first, second] = description.sessions
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'dev-1',
    nameSource: 'auto',
    type: 'Development',
    status: 'WaitingForInput',
    waitingFor: null,
    since: expect.any(Number),
    detail: '',
    pid: expect.any(Number),
    window: expect.stringMatching(/^@\d+$/),
    pane: expect.stringMatching(/^%\d+$/),
    asleep: false,
    messages: 0,
    turn: 0,
    until: null,
    cwd: lab.home,
    lastActive: expect.any(Number),
    agent: null,
    agentSession: null,
    declares: null,
  })
  expect(second).toMatchObject({ name: 'other-one', nameSource: 'user', type: 'CodeReview' })
})

test('a workspace that never ran is an empty list with a null controller', async () => {
  const { code, stdout } = await lab.q(['mux', 'list', '--json', '--workspace', 'none'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ workspace: 'none', running: false, controller: null, sessions: [] })
  const plain = await lab.q(['mux', 'list', '--workspace', 'none'])
  expect(plain).toMatchObject({ code: 0, stdout: '' })
  expect(plain.stderr).toContain('q mux')
})

test('status --json counts the sessions of this workspace and of no other', async () => {
  await lab.q(['chat', 'hello'])
  await lab.q(['mux', 'new', 'elsewhere', '--background', '--workspace', 'w2'])
  const { stdout } = await lab.q(['mux', 'status', '--json'])
  expect(JSON.parse(stdout)).toEqual({
    workspace: 'q',
    running: true,
    controller: { pid: expect.any(Number) },
    sessions: { Active: 0, WaitingForInput: 2, Processing: 0, Paused: 0, Completed: 0 },
  })
  await lab.q(['mux', 'new', 'short-lived', '--background'])
  await lab.q(['mux', 'close', 'short-lived', '--yes'])
  const closed = JSON.parse((await lab.q(['mux', 'status', '--json'])).stdout)
  expect(closed.sessions).toMatchObject({ WaitingForInput: 2, Completed: 1 })
  const words = await lab.q(['mux', 'status'])
  expect(words.stdout).toMatch(/^workspace q runs, controller \d+, 3 sessions: .*1 Completed/)
})

test('a pipe gets no escapes, a terminal gets colours unless NO_COLOR says no', async () => {
  const piped = await lab.q(['mux', 'list'])
  expect(piped.stdout).toContain('other-one')
  expect(piped.stdout + piped.stderr).not.toContain(esc)
  expect((await lab.q(['mux', '--help'])).stdout).not.toContain(esc)
  expect((await lab.q(['mux', 'lst'])).stderr).not.toContain(esc)
  const onTerminal = (env: NodeJS.ProcessEnv) => {
    const line = `${process.execPath} ${entry} mux list; ${process.execPath} ${entry} mux lst`
    const child = lab.start('script', ['-qec', line, '/dev/null'], env)
    return textOf(child)
  }
  expect(await onTerminal({})).toContain(`${esc}[`)
  const plain = await onTerminal({ NO_COLOR: '1' })
  expect(plain).toContain('other-one')
  expect(plain).toContain('did you mean')
  expect(plain).not.toContain(esc)
})

test('results go to stdout and talk to stderr', async () => {
  expect(await lab.q(['mux', 'rename', 'other-one', 'renamed'])).toEqual({
    code: 0,
    stdout: 'renamed\n',
    stderr: '',
  })
  expect(await lab.q(['mux', 'rename', 'renamed', 'other-one'])).toMatchObject({ code: 0 })
  expect(await lab.q(['mux', 'next'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'no session waits for you\n',
  })
})

test.each(['mux', 'mux pick'])('q %s without a terminal says so', async (words) => {
  const { code, stdout, stderr } = await lab.q(words.split(' '))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('there is no terminal here')
})

test('a reader that goes away ends a command quietly', async () => {
  for (const words of [
    ['mux', 'list'],
    ['mux', 'list', '--json'],
    ['mux', '--help'],
    ['config', 'list'],
  ]) {
    const child = lab.start(process.execPath, [entry, ...words])
    child.stdout?.destroy()
    const errors: Buffer[] = []
    child.stderr?.on('data', (data) => errors.push(data))
    const [code] = await once(child, 'close')
    expect({ code, errors: Buffer.concat(errors).toString() }, words.join(' ')).toEqual({
      code: 0,
      errors: '',
    })
  }
  const head = spawn('sh', ['-c', `${process.execPath} ${entry} mux list | head -1`], { env: lab.env })
  expect((await textOf(head)).split('\n')).toHaveLength(2)
})

test('Ctrl-C ends a question with exit code 130', async () => {
  const child = lab.start('script', ['-qec', `${process.execPath} ${entry} mux close dev-1`, '/dev/null'])
  let seen = ''
  child.stdout?.on('data', (data) => {
    seen += String(data)
  })
  await until(() => seen.includes('[y/N]'))
  child.stdin?.write('\u0003')
  const [code] = await once(child, 'exit')
  expect(code).toBe(130)
  expect((await lab.list()).sessions.map((session) => session.name)).toContain('dev-1')
})

test('a stack trace appears with Q_DEBUG=1 only', async () => {
  const broken = openLab()
  try {
    await broken.q(['mux', 'list'])
    writeFileSync(broken.database, 'this is not a database, and long enough to be taken for a header of one')
    chmodSync(broken.database, 0o600)
    const plain = await broken.q(['mux', 'list'])
    expect(plain.code).toBe(1)
    expect(plain.stderr).toContain('is not a database')
    expect(plain.stderr).not.toMatch(/^ +at /m)
    const debug = await broken.q(['mux', 'list'], { env: { Q_DEBUG: '1' } })
    expect(debug.stderr).toMatch(/^ +at /m)
  } finally {
    await broken.dispose()
  }
})

async function textOf(child: ReturnType<Lab['start']>): Promise<string> {
  const pieces: Buffer[] = []
  child.stdout?.on('data', (data) => pieces.push(data))
  child.stderr?.on('data', (data) => pieces.push(data))
  await once(child, 'close')
  return Buffer.concat(pieces).toString()
}

test.skipIf(!existsSync('/dev/full')).each([['config list'], ['mux list --all'], ['chat tour']])(
  'q %s to a full disk says that its output is lost, and fails',
  async (words) => {
    const shell = lab.start('sh', ['-c', `'${process.execPath}' '${entry}' ${words} > /dev/full`])
    shell.stdin?.end()
    let said = ''
    shell.stderr?.on('data', (data) => {
      said += data
    })
    const [code] = await once(shell, 'exit')
    expect(said).toContain('q: the output cannot be written (ENOSPC)\n')
    expect(said).not.toContain('    at ')
    expect(code).toBe(1)
  },
)

test('an answer that nobody reads on is stopped: it would take a minute', async () => {
  const command = `'${process.execPath}' '${entry}' chat --name long 'count to 60'`
  const reader = lab.start('sh', ['-c', `${command} | head -c 4`])
  reader.stdin?.end()
  const [code] = await once(reader, 'exit')
  expect(code).toBe(0)
  expect((await lab.q(['mux', 'search', 'count to 60'])).stdout).toContain('long')
})
