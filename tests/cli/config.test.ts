import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('a config file that is wrong is refused by every verb, with file, line and key, and left as it is', async () => {
  const text = '[ui]\nmax_indicator_sessions = 3\nindicator_positon = "top-left"\n'
  lab.config(text)
  const file = join(lab.home, '.config/q-mux/config.toml')
  const verbs = [
    ['mux', '--detach'],
    ['mux', 'new', 'x', '--background'],
    ['mux', 'list'],
    ['mux', 'switch', 'x'],
    ['mux', 'next'],
    ['mux', 'back'],
    ['mux', 'rename', 'x', 'y'],
    ['mux', 'close', 'x', '--yes'],
    ['mux', 'send', 'x', 'text'],
    ['mux', 'pick'],
    ['mux', 'status', '--json'],
    ['mux', 'stop'],
    ['chat', 'hello'],
    ['config', 'list'],
    ['config', 'get', 'ui.indicator_position'],
    ['config', 'set', 'ui.indicator_position', 'top-left'],
  ]
  const results = await Promise.all(verbs.map((words) => lab.q(words)))
  for (const [at, result] of results.entries()) {
    expect(result, verbs[at]?.join(' ')).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(`${file}:3:`)
    expect(result.stderr).toContain('indicator_positon')
    expect(result.stderr).toContain('indicator_position"')
  }
  const doctor = await lab.q(['mux', 'doctor'])
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toContain(`${file}:3:`)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('q config says where the file is, sets a key, gets it back and lists where each value comes from', async () => {
  const file = join(lab.home, '.config/q-mux/config.toml')
  expect(await lab.q(['config', 'path'])).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' })
  const set = await lab.q(['config', 'set', 'ui.max_indicator_sessions', '2'])
  expect(set).toEqual({
    code: 0,
    stdout: '',
    stderr: `ui.max_indicator_sessions is now 2 in ${file}\n`,
  })
  expect(await lab.q(['config', 'get', 'ui.max_indicator_sessions'])).toEqual({
    code: 0,
    stdout: '2\n',
    stderr: '',
  })
  const { stdout } = await lab.q(['config', 'list'])
  expect(stdout).toMatch(/^ui\.max_indicator_sessions +2 +file/m)
  expect(stdout).toMatch(/^ui\.indicator_position +top-right +default/m)
  expect(await lab.q(['config', 'set', 'ui.max_indicator_sessions', 'many'])).toMatchObject({ code: 2 })

  const gone = await lab.q(['config', 'unset', 'ui.max_indicator_sessions'])
  expect(gone.stderr).toBe(`ui.max_indicator_sessions is no longer set in ${file}\n`)
  expect((await lab.q(['config', 'get', 'ui.max_indicator_sessions'])).stdout).toBe('5\n')
  const again = await lab.q(['config', 'unset', 'ui.max_indicator_sessions'])
  expect(again).toMatchObject({ code: 0, stderr: `ui.max_indicator_sessions was not set in ${file}\n` })
})

test('a rule that could match nothing is refused by every verb, with its own line and what to write', async () => {
  const text =
    '[tools]\nallow = [\n  "execute_bash(npm test)",\n  "Bash(git push:*)",\n]\ndeny = ["execute_bash(ls | sh)"]\n'
  lab.config(text)
  const file = join(lab.home, '.config/q-mux/config.toml')
  const verbs = [
    ['mux', '--detach'],
    ['mux', 'list'],
    ['chat', 'hello'],
    ['config', 'list'],
    ['config', 'check'],
  ]
  for (const words of verbs) {
    const { code, stdout, stderr } = await lab.q(words)
    expect({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`${file}:4: key "tools.allow": Expected a tool rule, got "Bash(git push:*)"`)
    expect(stderr).toContain('write execute_bash(git push *)')
    expect(stderr).toContain(`${file}:6: key "tools.deny": Expected a tool rule, got "execute_bash(ls | sh)"`)
    expect(stderr).toContain('"|" is not part of one simple command')
  }
  expect((await lab.q(['mux', 'doctor'])).stdout).toContain(`${file}:4: key "tools.allow"`)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('such a rule is refused in the environment, on the command line and by q config set', async () => {
  const refused = { code: 2, stdout: '' }
  const inEnvironment = await lab.q(['config', 'list'], { env: { Q_TOOLS_DENY: 'fs_write, Edit' } })
  expect(inEnvironment).toMatchObject(refused)
  expect(inEnvironment.stderr).toMatch(
    /variable Q_TOOLS_DENY: Expected a tool rule, got "Edit"\n +write fs_write/,
  )
  for (const rule of ['Bash', 'execute_bash(git push:*)', 'execute_bash(FOO=1 x)', 'fs_read(@session/x)']) {
    const chat = await lab.q(['chat', '--trust-tools', `glob,${rule}`, 'hello'])
    expect(chat).toMatchObject(refused)
    expect(chat.stderr).toContain(`--trust-tools: Expected a tool rule, got "${rule}"`)
    const set = await lab.q(['config', 'set', 'tools.allow', rule])
    expect(set).toMatchObject(refused)
    expect(set.stderr).toContain(`key "tools.allow": Expected a tool rule, got "${rule}"`)
  }
  expect((await lab.q(['config', 'get', 'tools.allow'])).stdout).toBe('\n')
})

test('config check and doctor show by examples what each rule covers, as it is decided', async () => {
  expect((await lab.q(['config', 'check'])).stdout).toMatch(/config\.toml: not there, which is fine\n$/)
  lab.config(
    `[tools]
allow = ["execute_bash(git log *)", "execute_bash(git push *)", "fs_write(src/**)"]
deny = ["execute_bash(git push *)", "fs_read(**/.env)", "@flies"]
[mcp.files]
command = "cat"
`,
  )
  const { code, stdout } = await lab.q(['config', 'check'])
  expect(code).toBe(0)
  const part = (rule: string) => stdout.split('\n\n').find((text) => text.startsWith(rule))
  expect(part('deny execute_bash(git push *)')).toBe(`deny execute_bash(git push *)
  refused  execute_bash git push
  refused  execute_bash git push y
  not      execute_bash git y`)
  expect(part('allow execute_bash(git log *)')).toMatch(
    /\n {2}trusted {2}execute_bash git log\b.*\n {2}trusted .*\n {2}not /,
  )
  expect(part('allow execute_bash(git push *)')).toMatch(
    /^[^\n]+\n {2}not .*\n {2}note .*a deny rule goes before/,
  )
  expect(part('deny fs_read(**/.env)')).toMatch(
    /refused {2}fs_read a\/\.env\n {2}refused .*\n {2}not {6}fs_read /,
  )
  expect(part('deny @flies')).toContain(
    'there is no MCP server "flies" yet: the rule waits for it; did you mean "files"?',
  )
  const doctor = await lab.q(['mux', 'doctor'])
  expect(doctor.stdout).toMatch(
    /✓ deny +execute_bash\(git push \*\): refuses execute_bash git push \| .*; not execute_bash git y/,
  )
  expect(doctor.stdout).toMatch(/! deny +@flies: /)
  const variable = await lab.q(['config', 'check'], { env: { Q_TOOLS_DENY: 'grep' } })
  expect(variable.stdout).toContain('\ndeny grep  (Q_TOOLS_DENY)\n')
  expect(variable.stdout).not.toContain('deny @flies')
})
