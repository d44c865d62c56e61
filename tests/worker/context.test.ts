import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { metadata, start, stop, text } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-S', '-200', '-t', pane)
const put = (name: string, words: string) => writeFileSync(join(lab.home, name), words)
const system = (at = -1) => lab.server.requests.at(at)?.body.system?.[0]?.text ?? ''

async function ask(prompt: string): Promise<void> {
  const before = said(lab, 'dev-1').length
  lab.type(pane, prompt)
  await until(() => said(lab, 'dev-1').length === before + 2, { what: `the answer to ${prompt}` })
  await promptUp(lab, 'dev-1')
}

async function command(line: string, shows: string | RegExp): Promise<string> {
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.type(pane, line)
  await until(() => (typeof shows === 'string' ? screen().includes(shows) : shows.test(screen())), {
    what: `${shows} after ${line}`,
  })
  await promptUp(lab, 'dev-1')
  return screen()
}

async function restart(): Promise<void> {
  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => screen().includes('Press Enter to go on'))
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.keys(pane, 'Enter')
  await promptUp(lab, 'dev-1')
}

test('each prompt carries the files as they are then, who the model is, where and when', async () => {
  put('AGENTS.md', 'Tabs, never spaces.')
  await startWorkspace(lab)
  await ask('say one')
  expect(system()).toContain('<context_file path="AGENTS.md">\nTabs, never spaces.\n</context_file>')
  expect(system()).toContain(`Working directory: ${lab.home}`)
  expect(system()).toMatch(/System: (Linux|macOS)\nDate: \d{4}-\d\d-\d\d\n/)
  put('AGENTS.md', 'Spaces after all.')
  put('README.md', 'A project.')
  await ask('say two')
  expect(system()).toMatch(/Spaces after all\.[\s\S]*A project\./)
  expect(system()).not.toContain('Tabs')
  rmSync(join(lab.home, 'AGENTS.md'))
  await ask('say three')
  expect(system()).not.toContain('Spaces')
})

test('what is left out is said once, with the reason', async () => {
  put('AGENTS.md', 'bin\0ary')
  mkdirSync(join(lab.home, '.amazonq/rules'), { recursive: true })
  symlinkSync('/etc/hostname', join(lab.home, '.amazonq/rules/x\u001b[31m\u202e#(touch x).md'))
  await startWorkspace(lab)
  await ask('say one')
  expect(screen()).toContain('AGENTS.md: not text')
  expect(screen()).toMatch(/x \[31m #\(touch\s+x\)\.md: a link that leads elsewhere/)
  expect(screen().split('not text')).toHaveLength(2)
  await ask('say two')
  expect(screen().split('not text')).toHaveLength(2)
  expect(await command('/context', 'left out:')).toMatch(/x\\u\{1b\}\[31m\\u\{202e\}#\(touch x\)\.md/)
})

test('rules that lead to credentials, and what is denied, do not go along; /context says why', async () => {
  put('.env', 'TOKEN=sesame')
  put('private.md', 'sesame, too')
  mkdirSync(join(lab.home, '.amazonq/rules'), { recursive: true })
  symlinkSync('../../.env', join(lab.home, '.amazonq/rules/style.md'))
  symlinkSync('private.md', join(lab.home, 'AGENTS.md'))
  put('README.md', 'A project.')
  lab.config('[sessions]\nauto_generate_names = false\n[tools]\ndeny = ["fs_read(private.md)"]\n')
  await startWorkspace(lab)
  await ask('say one')
  expect(system()).toContain('A project.')
  expect(system()).not.toContain('sesame')
  expect(screen().replaceAll(/\s+/g, ' ')).toContain(
    'AGENTS.md: your rule fs_read(private.md) denies it; .amazonq/rules/style.md: it may hold credentials',
  )
  expect(await command('/context', 'left out:')).toContain('.amazonq/rules/style.md  it may hold credentials')
  await command('/context add .env', '.env cannot go along: it may hold credentials')
  await command(
    '/context add private.md',
    'private.md cannot go along: your rule fs_read(private.md) denies it',
  )
  lab.config('[sessions]\nauto_generate_names = false\n')
  await ask('say two')
  expect(system()).toContain('sesame, too')
  expect(system()).not.toContain('TOKEN')
})

test('/context adds and removes files for this session, after a restart too, and says what it cannot', async () => {
  put('README.md', 'A project.')
  put('notes.txt', 'My notes.')
  put('with blank.md', 'Blank.')
  await startWorkspace(lab)
  const shown = await command('/context', 'README.md')
  expect(shown).toMatch(/about \d+ tokens of files; there is room for 80,000:\n {2}README\.md +\d+\n/)
  await command(
    '/context add notes.txt "with blank.md"',
    /added.*\n {2}notes\.txt +\d+ {2}added by you\n {2}with blank\.md/,
  )
  await command('/context remove README.md', 'not sent any more: README.md')
  await ask('say one')
  expect(system()).toMatch(/My notes\.[\s\S]*Blank\./)
  expect(system()).not.toContain('A project.')
  await restart()
  await ask('say two')
  expect(system()).toContain('My notes.')
  expect(system()).not.toContain('A project.')
  expect(await command('/context show', 'left out:')).toMatch(/README\.md {2}removed by you/)
  await command('/context add gone.md', 'gone.md is not there')
  await command('/context add /dev/zero', '/dev/zero cannot go along: a device or the like')
  await command('/context add .', 'say which files: ./**/*.md')
  await command('/context add *.nothing', 'no file matches *.nothing')
  await command('/context remove nothing.md', 'no context file is nothing.md')
  await command('/context ad x', 'usage: /context')
  await command('/context add README.md', /added.*\n {2}README\.md/)
  await ask('say three')
  expect(system()).toContain('A project.')
})

test('Tab completes the verbs and paths of /context', async () => {
  mkdirSync(join(lab.home, 'Documents'))
  put('Documents/Plan.md', 'plan')
  await startWorkspace(lab)
  lab.tmux('send-keys', '-t', pane, '-l', '/context ad')
  lab.keys(pane, 'Tab')
  await promptUp(lab, 'dev-1', '/context add')
  lab.tmux('send-keys', '-t', pane, '-l', 'Doc')
  lab.keys(pane, 'Tab')
  await promptUp(lab, 'dev-1', '/context add Documents/')
  lab.keys(pane, 'Tab')
  await promptUp(lab, 'dev-1', '/context add Documents/Plan.md')
})

test('/usage shows the window by part, and counts as the service did', async () => {
  put('AGENTS.md', 'rule '.repeat(2000))
  await startWorkspace(lab)
  const before = await command('/usage', 'free')
  expect(before).toMatch(/about [\d,]+ of 200,000 tokens, \d\.\d %\n█?░+\n/)
  expect(before).toMatch(/context files +2,[789]\d\d +1\.4 % {2}1 file\n/)
  expect(before).toContain('no answer of this start was counted yet')
  lab.server.respondWith([start(), text('counted'), stop(), metadata(500, 5, { read: 5000, write: 1500 })])
  await ask('how long')
  const after = await command('/usage', 'free')
  expect(after).toContain('the service counted 7,000 in the last request, 5,000 of them from its cache')
  const total = Number(/about ([\d,]+) of/.exec(after)?.[1]?.replaceAll(',', ''))
  expect(total).toBeGreaterThan(6950)
  expect(total).toBeLessThan(7100)
})

test('an answer in a pipe gets the same context', async () => {
  put('AGENTS.md', 'Tabs, never spaces.')
  const answer = await lab.q(['chat', 'say piped'])
  expect(answer).toMatchObject({ code: 0, stdout: 'piped\n' })
  expect(system()).toContain('Tabs, never spaces.')
})
