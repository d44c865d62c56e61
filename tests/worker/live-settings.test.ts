import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { breakages } from '../support/broken-files.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, q, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab({ Q_SESSIONS_AUTO_GENERATE_NAMES: '' })
  lab.config('[sessions]\nauto_generate_names = false\n')
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', pane)
const file = (name: string) => join(lab.home, name)
const results = () => JSON.stringify(lab.server.requests.at(-1)?.body.messages?.at(-1)?.content ?? '')

/** By the status file: no verb runs while the configuration is broken. */
function turnOver(): boolean {
  const [name = ''] = readdirSync(lab.statusDir).filter((entry) => entry.endsWith('.json'))
  return JSON.parse(readFileSync(join(lab.statusDir, name), 'utf8')).waitingFor === 'input'
}

/** Has the model ask for a command; resolves when it was run, refused or asked about, and the turn is over. */
async function use(command: string): Promise<'ran' | 'denied' | 'asked'> {
  const signs = { asked: /\[y\/n\/t\]:/g, denied: /is denied in the configuration/g, ran: /\(done\)/g }
  const counts = () => Object.values(signs).map((sign) => screen().match(sign)?.length ?? 0)
  const before = counts()
  lab.type(pane, `tool execute_bash ${JSON.stringify({ command })}`)
  const at = await until(() => {
    const found = counts().findIndex((now, index) => now > (before[index] ?? 0))
    return found === -1 ? undefined : `${found}`
  })
  const outcome = (['asked', 'denied', 'ran'] as const)[Number(at)] ?? 'asked'
  if (outcome === 'asked') lab.type(pane, 'n')
  await until(turnOver)
  return outcome
}

test('tool rules and time limits of the file count for the next use in a session that runs', async () => {
  await startWorkspace(lab)
  expect(await use('echo one')).toBe('asked')
  lab.config(
    '[sessions]\nauto_generate_names = false\n[tools]\nallow = ["execute_bash(echo *)", "execute_bash(sleep *)"]\ntimeout_s = 1\n',
  )
  expect(await use('echo two')).toBe('ran')
  lab.type(pane, 'tool execute_bash {"command":"sleep 60"}')
  await until(() => results().includes('Ended after 1 s.'))
  expect(JSON.stringify(lab.server.requests.at(-1)?.body.toolConfig)).toContain('ends after 1 s')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input')
  lab.config('[sessions]\nauto_generate_names = false\n[tools]\ndeny = ["execute_bash(echo *)"]\n')
  expect(await use('echo three')).toBe('denied')
  lab.type(pane, '/tools')
  await until(() => /denied: +execute_bash\(echo \*\)/.test(screen()))
})

test.each([
  ['no TOML at all', '[tools\n', /config\.toml:2: not valid TOML/],
  ['a wrong type', '[tools]\ndeny = "echo"\n', /config\.toml:2: key "tools\.deny" must be a list/],
  [
    'a rule of another program',
    '[tools]\ndeny = [\n  "fs_write",\n  "Bash(echo:*)",\n]\n',
    /config\.toml:4: key "tools\.deny": Expected a tool rule, got "Bash\(echo:\*\)"[\s\S]*write execute_bash\(echo \*\)/,
  ],
  [
    'a rule that the tools refuse',
    '[tools]\ndeny = ["execute_bash(a; b)"]\n',
    /config\.toml:2: key "tools\.deny": Expected a tool rule, got "execute_bash\(a; b\)"/,
  ],
])('with %s the last good rules hold, and that is said once', async (_, broken, words) => {
  lab.config(
    '[tools]\nallow = ["execute_bash(echo *)"]\ndeny = ["execute_bash(echo no*)"]\n[sessions]\nauto_generate_names = false\n',
  )
  await startWorkspace(lab)
  expect(await use('echo one')).toBe('ran')
  lab.config(broken)
  expect(await use('echo nothing')).toBe('denied')
  expect(await use('echo two')).toBe('ran')
  expect(await use('date')).toBe('asked')
  expect(screen()).toMatch(words)
  expect(screen().split('the settings from before stay in force')).toHaveLength(2)
  lab.config('[sessions]\nauto_generate_names = false\n')
  expect(await use('echo three')).toBe('asked')
})

test('what is denied while the question stands does not run, whoever approves it', async () => {
  await startWorkspace(lab)
  const ask = async () => {
    lab.type(pane, `tool execute_bash ${JSON.stringify({ command: `touch ${file('x')}` })}`)
    await until(async () => (await session(lab, 'dev-1')).waitingFor === 'approval')
  }
  await ask()
  lab.config('[sessions]\nauto_generate_names = false\n[tools]\ndeny = ["execute_bash(touch *)"]\n')
  expect((await lab.q(['mux', 'approve', 'dev-1', '--yes'])).code).toBe(0)
  await until(() => screen().includes('execute_bash(touch *) is denied in the configuration'))
  await until(turnOver)
  expect(existsSync(file('x'))).toBe(false)
})

test.each([
  ['the config file, a link to itself', () => join(lab.home, '.config/q-mux/config.toml'), true],
  ['the kept environment, a link to itself', () => join(lab.runtimeDir, 'environment.json'), true],
  ['the kept environment, cut', () => join(lab.runtimeDir, 'environment.json'), false],
])('a session goes on with what was good last beside what cannot be read: %s', async (_, path, isLink) => {
  await startWorkspace(lab)
  expect(await use('echo one')).toBe('asked')
  rmSync(path())
  if (isLink) symlinkSync(path(), path())
  else writeFileSync(path(), '{"A')
  lab.type(pane, 'say still here')
  await until(() =>
    /(?:cannot be read: |json is broken)[\s\S]*stay in force[\s\S]*\nstill here/.test(screen()),
  )
})

test('a FIFO in place of the kept environment holds nobody up', async () => {
  await startWorkspace(lab)
  const path = join(lab.runtimeDir, 'environment.json')
  // In one step: the controller writes it again as soon as it is missing.
  breakages['a FIFO']?.(path)
  lab.type(pane, 'say still here')
  await until(() => /json is broken \(it is not a regular file[\s\S]*\nstill here/.test(screen()))
})

test('the rules of a call are those of its moment: a link that was made since is followed', async () => {
  lab.config(
    `[sessions]\nauto_generate_names = false\n[tools]\nallow = ["execute_bash(ln *)"]\ndeny = ["fs_read(secrets/**)"]\n`,
  )
  mkdirSync(file('elsewhere'))
  writeFileSync(file('elsewhere/key'), 'the key')
  await startWorkspace(lab)
  expect(await use('ln -s elsewhere secrets')).toBe('ran')
  lab.type(pane, `tool fs_read ${JSON.stringify({ operations: [{ mode: 'Line', path: 'elsewhere/key' }] })}`)
  await until(() => screen().includes('fs_read(secrets/**) is denied in the configuration'))
  expect(results()).not.toContain('the key')
})

test('names: switched on, sessions that run name themselves; a longer limit counts for the next name', async () => {
  await startWorkspace(lab)
  lab.type(pane, 'say hello')
  await until(async () => (await session(lab, 'dev-1')).messages === 2)
  lab.config('[sessions]\nname_max_length = 40\n')
  lab.type(pane, '/rename a-name-of-more-than-twenty-characters')
  await until(async () => Boolean(await session(lab, 'a-name-of-more-than-twenty-characters')))
  await lab.q(['mux', 'new', '--background', '--prompt', 'debug the flaky checkout tests'])
  await until(async () => (await lab.list()).sessions.some(({ name }) => name.includes('checkout')))
})

test('a plain chat has the environment of its own shell, not the one that q mux keeps', async () => {
  await lab.q(['mux', '--detach'], { env: { AWS_ACCESS_KEY_ID: 'AKIAQMUXOFTHEWORKSPA' } })
  const shell = openShell(lab, `${q} chat --name alone`)
  await until(() => shell.screen().includes('[alone] q>'))
  shell.type('say hello')
  await until(() => lab.server.requests.length === 1)
  expect(String(lab.server.requests[0]?.headers.authorization)).toContain(lab.env.AWS_ACCESS_KEY_ID)
})
