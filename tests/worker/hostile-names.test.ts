import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostileNames } from '../support/hostile-names.ts'
import { processOf } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, query, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
let canary: string
beforeEach(async () => {
  lab = await openBedrockLab()
  canary = join(lab.home, 'canary')
  // Whoever is fooled, tmux server, worker or shell, finds it in its environment.
  lab.env.Q_CANARY = canary
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
/** What would run something, and some that tmux, a path or a command line would take for its own. */
const dangerous = [
  ...hostileNames.filter((name) => name.includes('Q_CANARY') && name.length < 200),
  ...[
    '--help',
    '-d',
    'a;',
    '=q:',
    '@1',
    '{last}',
    '../../etc/passwd',
    '%H',
    '\u001b]0;owned\u0007',
    'a\u202eb-nimda',
  ],
]
const plain = /^[a-z0-9]+(-[a-z0-9]+)*$/
const windows = () => lab.tmux('list-windows', '-t', '=q', '-F', '#{window_id} #{window_name}').split('\n')

/** tmux draws its status lines and runs what stands in them only for a client; a second one shows that it has. */
async function nothingRan(): Promise<void> {
  lab.terminal()
  await until(() => lab.tmux('list-clients', '-t', '=q', '-F', '#{client_control_mode}').includes('0'))
  lab.tmux('display-message', '-p', '-t', pane, '#{T:status-left}#{T:status-right}#{T:window-status-format}')
  await until(async () => (await session(lab, 'dev-1')).status === 'Active')
  expect(existsSync(canary)).toBe(false)
}

/** Runs `q` for many words at once, a few processes at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const take = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all([take(), take(), take(), take()])
}

test('no hostile text becomes a name by q mux new or rename: refused with exit code 2, or made plain', async () => {
  lab.config('[sessions]\nmax_active_sessions = 50\n')
  // Every way runs the same check; each text takes one of them.
  await each([...dangerous.entries()], async ([at, name]) => {
    const words =
      at % 2 === 0 ? ['mux', 'rename', '--', 'dev-1', name] : ['mux', 'new', '--background', '--', name]
    const { code, stdout, stderr } = await lab.q(words)
    expect([0, 1, 2], JSON.stringify(name)).toContain(code)
    expect(stderr).not.toContain('this should not happen')
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/)
    if (code === 0) expect(stdout.trim()).toMatch(plain)
    if (code === 0 && at % 2 === 0) await lab.q(['mux', 'rename', stdout.trim(), 'dev-1'])
  })
  for (const { name } of (await lab.list()).sessions) expect(name).toMatch(plain)
  for (const line of windows()) expect(line).toMatch(/^@\d+ [a-z0-9-]+$/)
  await nothingRan()
})

test('typed behind /new, /rename, /session-name and /switch they run nothing and lead nowhere else', async () => {
  const before = windows()
  const typed = dangerous.filter((name) => !/[\u0000-\u001f]/.test(name))
  const commands = ['/new debug', '/rename', '/session-name', '/switch']
  const id = lab.tmux('display-message', '-p', '-t', pane, '#{pane_id}')
  const atPrompt = () => lab.screen(id).trimEnd().endsWith('q>')
  for (const [at, name] of typed.entries()) {
    // Lines that are read at once are a paste: each is seen before its Enter, and done before the next.
    await until(atPrompt)
    lab.tmux('send-keys', '-t', id, '-l', '--', `${commands[at % commands.length]} ${name}`)
    await until(() => !atPrompt())
    lab.keys(id, 'Enter')
  }
  await until(atPrompt)
  lab.type(id, 'say through')
  await until(() => lab.screen(id).includes('\nthrough'), { patience: 60_000 })
  // Several words behind /new are said to the session that it opens, and to no other.
  const here = query<{ content: string }>(
    lab,
    "SELECT content FROM messages JOIN conversations USING (conversation_id) WHERE position = 1 AND role = 'user'",
  )
  expect(here.map(({ content }) => JSON.parse(content))).toEqual([[{ type: 'text', text: 'say through' }]])
  // What was made fit is a plain name; nothing else was made, and the first window is still the one typed into.
  for (const { name } of (await lab.list()).sessions) expect(name).toMatch(plain)
  expect(windows()[0]?.split(' ')[0]).toBe(before[0]?.split(' ')[0])
  expect(existsSync(canary)).toBe(false)
})

test('as a prompt they arrive byte for byte at their session', async () => {
  const sent = dangerous.filter((_, at) => at % 2 === 0)
  await lab.q(['mux', 'new', 'target', '--background', '--prompt', '#(touch "$Q_CANARY") ;'])
  for (const text of sent)
    expect(await lab.q(['mux', 'send', 'target', '--', text])).toMatchObject({ code: 0 })
  await until(() => said(lab, 'target').length === 2 * (sent.length + 1), { patience: 60_000 })
  const users = said(lab, 'target').flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  expect(users).toEqual(['#(touch "$Q_CANARY") ;', ...sent])
  expect(said(lab, 'dev-1')).toEqual([])
  await nothingRan()
})

test('a status file with a hostile name, detail or window is skipped or shown as plain text', async () => {
  const writer = processOf(process.pid)
  const good = {
    v: 1,
    name: 'friend',
    state: 'waiting',
    waitingFor: 'approval',
    since: 1,
    ...writer,
    window: null,
    detail: '',
    turn: 1,
  }
  const write = (number: number, fields: object): void => {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    writeFileSync(join(lab.statusDir, `${id}.json`), JSON.stringify({ ...good, session: id, ...fields }))
  }
  for (const [at, name] of hostileNames.entries()) {
    write(at, { name })
    write(1000 + at, { name: 'friend', window: name })
    write(2000 + at, { name: 'friend', detail: name, since: 2 + at })
  }
  await until(() => lab.corner().includes('[friend!]'))
  await nothingRan()
  const options = lab.tmux('show-options', '-t', '=q:')
  expect(options).not.toContain('Q_CANARY')
  for (const [, name] of options.matchAll(/@q_\w+ .*\[([^\]!]*)!?\] /g)) expect(name).toMatch(plain)
})

test('a directory and a workspace with hostile names are taken literally, or refused', async () => {
  const directory = join(lab.home, '#(touch "$Q_CANARY");')
  mkdirSync(directory)
  const made = await lab.q(['mux', 'new', 'there', '--background', '--cwd', directory])
  expect(made).toMatchObject({ code: 0, stdout: 'there\n' })
  await promptUp(lab, 'there')
  expect((await session(lab, 'there')).cwd).toBe(directory)
  await each(
    dangerous.filter((_, at) => at % 2 === 1),
    async (name) => {
      const refused = await lab.q(['mux', 'list', `--workspace=${name}`])
      expect(refused, JSON.stringify(name)).toMatchObject({ code: 2, stdout: '' })
    },
  )
  expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('q')
  expect(query(lab, 'SELECT DISTINCT workspace FROM conversations')).toEqual([{ workspace: 'q' }])
  await nothingRan()
})
