import { describe, expect, test } from 'vitest'
import { agents, findAgent } from '../../src/agents/agents.ts'
import { setValue } from '../../src/config/file/edit-config.ts'
import { getValue, listSettings } from '../../src/config/file/list-settings.ts'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { agentKinds } from '../../src/domain/named-settings.ts'
import { configFile, userErrorOf } from './temporary.ts'

const both = `[agents.work]
kind = "claude"
args = ["--model", "opus"]
env = { CLAUDE_CONFIG_DIR = "/home/u/work", TOKEN = "very secret" }

[agents.codex]
command = "/opt/codex"
`

test('agents are read in the order of the file; one that is called as a known one is of that kind', async () => {
  const { agents: found } = await loadConfig(configFile(both), {})
  expect(found).toEqual([
    {
      name: 'work',
      kind: 'claude',
      command: undefined,
      args: ['--model', 'opus'],
      env: { CLAUDE_CONFIG_DIR: '/home/u/work', TOKEN: 'very secret' },
    },
    { name: 'codex', kind: 'codex', command: '/opt/codex', args: [], env: {} },
  ])
  expect((await loadConfig('/none/config.toml', {})).agents).toEqual([])
})

test('an agent is started as it is set up, and what is not said is as usual', async () => {
  const { agents: settings } = await loadConfig(configFile(both), {})
  expect(findAgent('work', settings)).toMatchObject({ program: 'claude', args: ['--model', 'opus'] })
  expect(findAgent('work', settings).agent.title).toBe('Claude Code')
  expect(findAgent('codex', settings)).toMatchObject({ program: '/opt/codex', args: [], env: {} })
  expect(findAgent('claude', settings)).toMatchObject({ program: 'claude', args: [], env: {} })
  const unknown = await userErrorOf(async () => findAgent('werk', settings))
  expect(unknown.hint).toBe('did you mean "work"?')
})

test('the list shows no value of a variable', async () => {
  const config = await loadConfig(configFile(both), {})
  const rows = listSettings(config).filter(({ key }) => key.startsWith('agents.work'))
  expect(rows.map(({ key, value }) => [key, value])).toEqual([
    ['agents.work.kind', 'claude'],
    ['agents.work.command', undefined],
    ['agents.work.args', ['--model', 'opus']],
    ['agents.work.env.CLAUDE_CONFIG_DIR', '(set)'],
    ['agents.work.env.TOKEN', '(set)'],
  ])
  expect(getValue(config, 'agents.work.kind')).toBe('claude')
})

test('the kinds that the configuration takes are those that there are', () => {
  expect(agentKinds).toEqual(agents.map(({ kind }) => kind))
})

describe('what is wrong is refused with its line', () => {
  test.each([
    ['[agents.work]\nargs = []', 1, 'section "agents.work" has no "kind"'],
    ['[agents.chat]\nargs = []', 1, 'section "agents.chat" has no "kind"'],
    ['[agents.work]\nkind = "cloude"', 2, 'key "agents.work.kind" must be one of claude,'],
    ['[agents.work]\nkind = "chat"', 2, 'key "agents.work.kind" must be one of claude,'],
    ['[agents.Work]\nkind = "claude"', 1, 'agent name "Work" is not allowed'],
    ['[agents.constructor]\nargs = []', 1, 'section "agents.constructor" has no "kind"'],
    ['[agents.work]\nkind = "claude"\nuse_rules = true', 3, 'key "agents.work.use_rules" is unknown'],
    ['[agents.work]\nkind = "claude"\nargs = "x"', 3, 'key "agents.work.args" must be a list of texts'],
    [
      '[agents.work]\nkind = "claude"\n[agents.work.env]\n"A B" = "x"',
      4,
      'variable "agents.work.env.A B" has no name',
    ],
    ['[agents]\nwork = "claude"', 2, 'key "agents.work" must be a section'],
    ['[[agents.work]]\nkind = "claude"', 1, 'section "agents.work" must be written [agents.work]'],
    ['[agent.work]\nkind = "claude"', 1, 'section "agent" is unknown'],
  ])('%j', async (text, line, words) => {
    const file = configFile(text)
    const error = await userErrorOf(() => loadConfig(file, {}))
    expect(`${error.message}`).toContain(words)
    expect(`${error.message}`).toContain(`:${line}`)
  })
})

test('agents are not changed from the command line', async () => {
  const file = configFile(both)
  const error = await userErrorOf(() => setValue(file, 'agents.work.kind', 'codex'))
  expect(error.message).toContain('agents are not changed from here')
  expect(error.hint).toContain(`Write [agents.NAME] in ${file}`)
})
