import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOlder } from '../../src/agents/installed.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  mkdirSync(join(lab.home, 'bin'))
  lab.env.PATH = `${join(lab.home, 'bin')}:/usr/bin:/bin`
  await lab.q(['mux', '--detach'])
})
afterEach(() => lab.dispose())

function install(version: string): void {
  const program = join(lab.home, 'bin', 'claude')
  writeFileSync(program, `#!/bin/sh\n${version}\n`)
  chmodSync(program, 0o755)
}

const openIt = () => lab.q(['mux', 'new', '--agent', 'claude', '--background'])

test('a program that is not installed is said with the command that installs it, and no session is made', async () => {
  const { code, stderr } = await openIt()
  expect(code).toBe(1)
  expect(stderr).toContain('Claude Code is not installed: there is no claude on PATH')
  expect(stderr).toContain('npm install -g @anthropic-ai/claude-code')
  expect((await lab.list()).sessions).toHaveLength(1)
})

test('one that is too old is said with both versions', async () => {
  install("echo '2.0.9 (Claude Code)'")
  const { code, stderr } = await openIt()
  expect(code).toBe(1)
  expect(stderr).toContain(
    'Claude Code 2.0.9 is too old to tell what it does: 2.1.197 is the oldest that can',
  )
  expect((await lab.list()).sessions).toHaveLength(1)
})

test('one that is slow to say its version is opened all the same', async () => {
  install('[ "$1" = --version ] && exec sleep 60\nexec sleep 1000')
  expect(await openIt()).toMatchObject({ code: 0 })
})

test('one that fails when it is asked for its version is said so', async () => {
  install('exit 3')
  const { code, stderr } = await openIt()
  expect(code).toBe(1)
  expect(stderr).toContain('does not say which version it is')
})

test('q mux hooks says what is installed, what it can tell, and what is in the way', async () => {
  expect((await lab.q(['mux', 'hooks'])).stdout).toMatch(
    /Claude Code: not installed\n.*\n.*install it: +npm install -g @anthropic-ai/,
  )
  install("echo '2.1.332 (Claude Code)'")
  const { stdout } = await lab.q(['mux', 'hooks', 'claude', '--json'])
  expect(JSON.parse(stdout).agents).toMatchObject([
    { agent: 'claude', version: '2.1.332', usable: true, obstacles: [], path: join(lab.home, 'bin/claude') },
  ])
  mkdirSync(join(lab.home, '.claude'))
  writeFileSync(join(lab.home, '.claude/settings.json'), '{"disableAllHooks":true}')
  install("echo '2.0.1'")
  expect((await lab.q(['mux', 'hooks', 'claude'])).stdout).toMatch(
    /in the way: .*settings.json sets disableAllHooks\n.*in the way: .*too old: 2.1.197/,
  )
  const unknown = await lab.q(['mux', 'hooks', 'cloude'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('did you mean "claude"?')
})

test('the agent of ui.default_agent runs where nobody names one, also by /new', async () => {
  lab.config('[ui]\ndefault_agent = "claude"\n')
  const { code, stderr } = await lab.q(['mux', 'new', '--background'])
  expect(code).toBe(1)
  expect(stderr).toContain('Claude Code is not installed')
  lab.type('=q:', '/new')
  await until(() => lab.screen().includes('Claude Code is not installed'))
  expect(await lab.q(['mux', 'new', '--agent', 'chat', '--background'])).toMatchObject({ code: 0 })
  lab.config('[ui]\ndefault_agent = "cloude"\n')
  const wrong = await lab.q(['mux', 'new', '--background'])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('ui.default_agent: there is no agent called cloude')
  expect((await lab.list()).sessions).toHaveLength(2)
})

test.each([
  [['--agent', 'cloude'], 'there is no agent called cloude', 'did you mean "claude"?'],
  [
    ['--agent', 'claude', '--model', 'x'],
    '--model is for our own chat',
    'q mux new --agent claude -- --model x',
  ],
  [['--', '--model'], 'nothing in our own chat takes --model', '--agent NAME'],
  [['--agent', 'plain'], 'a plain session runs a command', '-- npm run dev'],
])('new %j is refused', async (words, message, hint) => {
  const { code, stderr } = await lab.q(['mux', 'new', ...words])
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
})

test.each([
  ['2.1.9', '2.1.10', true],
  ['2.1.10', '2.1.9', false],
  ['2.1', '2.1.0', false],
  ['1.9.9', '2', true],
  ['3', '2.9', false],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older)
})

test('an agent of the configuration is another one: its program, its arguments before those of a session, its environment', async () => {
  const program = join(lab.home, 'bin', 'show')
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${lab.home}/runs\necho "$WHOSE has: $*"\n`)
  chmodSync(program, 0o755)
  lab.config('[agents.mine]\nkind = "plain"\ncommand = "show"\nargs = ["one"]\nenv = { WHOSE = "mine" }\n')
  expect(await lab.q(['mux', 'new', 'left', '--agent', 'mine', '--background', '--', 'two'])).toMatchObject({
    code: 0,
  })
  const found = await until(async () => (await lab.list()).sessions.find(({ agent }) => agent === 'mine'))
  await until(() => lab.screen(found.pane ?? '').includes('mine has: one two'))
  expect((await lab.q(['mux', 'send', 'left', 'hello'])).stderr).toContain('left takes no prompts')
  const { stdout } = await lab.q(['mux', 'hooks', 'mine'])
  expect(stdout).toContain('mine (The command)')
  // Nobody ran it for its version: it may be any command.
  expect(readFileSync(join(lab.home, 'runs'), 'utf8')).toBe('one two\n')
  lab.config('')
  expect((await lab.q(['mux', 'new', '--agent', 'mine', '--background'])).stderr).toContain(
    'there is no agent called mine',
  )
})
