import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/base/errors.ts'
import { setValue } from '../../src/config/file/edit-config.ts'
import { getValue, listSettings } from '../../src/config/file/list-settings.ts'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { configFile, userErrorOf } from './temporary.ts'

const both = `[mcp.files]
command = "npx"
args = ["-y", "server", "a, b"]
env = { FOO = "bar", API_TOKEN = "very secret" }

[mcp.git-2]
command = "./git server"
timeout_s = 5
disabled = true
`

test('servers are read in the order of the file, with defaults for what is not said', async () => {
  const { servers } = await loadConfig(configFile(both), {})
  expect(servers).toEqual([
    {
      name: 'files',
      command: 'npx',
      args: ['-y', 'server', 'a, b'],
      env: { FOO: 'bar', API_TOKEN: 'very secret' },
      timeout_s: 120,
      disabled: false,
    },
    { name: 'git-2', command: './git server', args: [], env: {}, timeout_s: 5, disabled: true },
  ])
  expect((await loadConfig('/none/config.toml', {})).servers).toEqual([])
})

test.each([
  ['dotted keys', 'mcp.a.command = "x"\nmcp.a.env.B = "c"'],
  ['an inline table', 'mcp = { a = { command = "x", env = { B = "c" } } }'],
  ['a section for the environment', '[mcp.a]\ncommand = "x"\n[mcp.a.env]\nB = "c"'],
  ['quoted names', '["mcp"."a"]\n"command" = \'x\'\n"env" = { "B" = "c" }'],
])('a server may be written with %s', async (_, text) => {
  const { servers } = await loadConfig(configFile(text), {})
  expect(servers).toMatchObject([{ name: 'a', command: 'x', env: { B: 'c' } }])
})

describe('a mistake in a server is refused with its line', () => {
  test.each([
    ['[mcp.Files]\ncommand = "x"', 1, 'MCP server name "Files" is not allowed'],
    ['[mcp."a b"]\ncommand = "x"\nz = 1', 1, 'MCP server name "a b" is not allowed'],
    ['[mcp.__proto__]\ncommand = "x"', 1, 'MCP server name "__proto__" is not allowed'],
    ['[mcp.a]\nargs = []', 1, 'section "mcp.a" has no "command"'],
    ['[mcp.a]\ncommand = ""', 1, 'section "mcp.a" has no "command"'],
    ['[mcp.a]\ncommand = 5', 2, 'key "mcp.a.command" must be the name or path of a program, not 5'],
    [
      '[mcp.a]\ncommand = "a\\u001b[2J"',
      2,
      'key "mcp.a.command" must be the name or path of a program, not "a\\u001b[2J"',
    ],
    ['[mcp.a]\ncommand = "x"\nargs = "y"', 3, 'key "mcp.a.args" must be a list of texts, not "y"'],
    ['[mcp.a]\ncommand = "x"\nargs = ["y", 1]', 3, 'key "mcp.a.args" must be a list of texts, not ["y", 1]'],
    [
      '[mcp.a]\ncommand = "x"\ntimeout_s = 90000',
      3,
      'key "mcp.a.timeout_s" must be a whole number from 1 to 86400, not 90000',
    ],
    ['[mcp.a]\ncommand = "x"\ndisabled = "no"', 3, 'key "mcp.a.disabled" must be true or false, not "no"'],
    ['[mcp.a]\ncommand = "x"\ncommnad = "x"', 3, 'key "mcp.a.commnad" is unknown'],
    ['[mcp.a]\ncommand = "x"\nconstructor = "x"', 3, 'key "mcp.a.constructor" is unknown'],
    ['[mcp.a]\ncommand = "x"\nenv = "y"', 3, 'key "mcp.a.env" must be a table of texts, not "y"'],
    ['[mcp.a]\ncommand = "x"\nenv = { A = 1 }', 3, 'key "mcp.a.env.A" must be a text'],
    ['[mcp.a]\ncommand = "x"\nenv = { "A=B" = "" }', 3, 'variable "mcp.a.env.A=B" has no name to set'],
    ['[mcp.a]\ncommand = "x"\nenv = { A = { B = "c" } }', 3, 'key "mcp.a.env.A" must be a text, not a table'],
    ['[mcp.a]\ncommand = "x"\n[mcp.a.args]\nb = "c"', 3, 'key "mcp.a.args" must not be a table'],
    ['[mcp.a]\ncommand = "x"\n[mcp.a.other]\nb = "c"', 3, 'key "mcp.a.other" is unknown'],
    ['[[mcp.a]]\ncommand = "x"', 1, 'section "mcp.a" must be written [mcp.a], not [[mcp.a]]'],
    ['[mcp]\nfiles = "x"', 2, 'key "mcp.files" must be a section'],
    ['mcp = 1', 1, 'key "mcp" must be a section'],
    ['[mpc.a]\ncommand = "x"', 1, 'section "mpc" is unknown'],
  ])('%j', async (text, line, words) => {
    const file = configFile(text)
    const error = await userErrorOf(() => loadConfig(file, {}))
    expect(error.message).toBe(`${file}:${line}: ${words}`)
    expect(error.exit).toBe(exitCode.usage)
  })

  test('an unknown key names the one that was meant', async () => {
    const error = await userErrorOf(() => loadConfig(configFile('[mcp.a]\ncommand = "x"\narg = []'), {}))
    expect(error.hint).toBe('did you mean "args"?')
  })
})

test('the list shows servers, and of their variables only that they are set', async () => {
  const rows = listSettings(await loadConfig(configFile(both), {}))
  const shown = rows.filter(({ key }) => key.startsWith('mcp.')).map(({ key, value }) => [key, value])
  expect(shown).toContainEqual(['mcp.files.args', ['-y', 'server', 'a, b']])
  expect(shown).toContainEqual(['mcp.files.env.API_TOKEN', '(set)'])
  expect(shown).toContainEqual(['mcp.git-2.disabled', true])
  expect(JSON.stringify(rows)).not.toContain('very secret')
  expect(rows.every(({ description }) => /^[A-Z]/.test(description))).toBe(true)
})

test('one value of a server is had by its key, and a wrong key is refused with the right one', async () => {
  const config = await loadConfig(configFile(both), {})
  expect(getValue(config, 'mcp.files.command')).toBe('npx')
  expect(getValue(config, 'mcp.files.env')).toEqual(['FOO', 'API_TOKEN'])
  expect(getValue(config, 'mcp.files.env.FOO')).toBe('bar')
  const error = await userErrorOf(() => getValue(config, 'mcp.files.comand'))
  expect(error.hint).toBe('did you mean "mcp.files.command"?')
})

test('other keys are set beside servers; a server itself is written in the file', async () => {
  const file = configFile(both)
  await setValue(file, 'ui.indicator_layout', 'stacked')
  expect(readFileSync(file, 'utf8')).toBe(`${both}\n[ui]\nindicator_layout = "stacked"\n`)
  const error = await userErrorOf(() => setValue(file, 'mcp.files.command', 'x'))
  expect(error.hint).toBe(`Write [mcp.NAME] in ${file}.`)
})
