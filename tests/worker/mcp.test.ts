import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { living, pidsIn, program } from '../mcp/harness.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, fakeKeys, openBedrockLab, promptUp, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab({ GITHUB_TOKEN: 'ghp_of_the_user' })
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const question = /Allow this action\?[\s\S]*\[y\/n\/t\]:/
const screen = (target = pane) => lab.tmux('capture-pane', '-p', '-J', '-t', target)
const results = () =>
  (lab.server.requests.at(-1)?.body.messages?.at(-1)?.content ?? []).flatMap(({ toolResult }) =>
    toolResult ? [toolResult as { status: string; content: { text: string }[] }] : [],
  )
const content = () => results()[0]?.content[0]?.text ?? ''
const log = () => {
  const file = join(lab.home, 'mcp.log')
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}

function configure(modes: readonly string[] = [], more = ''): void {
  const args = JSON.stringify([program, ...modes])
  const env = `{ MCP_LOG = ${JSON.stringify(join(lab.home, 'mcp.log'))}, ITS_TOKEN = "of the server" }`
  lab.config(`[mcp.s]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${args}\nenv = ${env}\n${more}`)
}

/** Has the model call a tool, on a screen of its own. */
async function call(tool: string, input: unknown = {}): Promise<void> {
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  const before = lab.server.requests.length
  lab.type(pane, `tool ${tool} ${JSON.stringify(input)}`)
  await until(() => lab.server.requests.length > before, { what: 'the request' })
}

async function answered(): Promise<void> {
  await until(() => results().length > 0, { what: 'a result for the model' })
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input', { what: 'the end' })
}

test('a call is shown as it is sent and asked about; t trusts that tool of that server and no other', async () => {
  configure()
  await startWorkspace(lab)
  await call('s___echo', { text: 'hi \u202e' })
  await until(() => question.test(screen()), { what: 'the question' })
  expect(screen()).toContain('@s/echo (1 line):\n▐ {"text":"hi \\u{202e}"}')
  expect(screen()).toContain('every call of @s/echo')
  expect(await session(lab, 'dev-1')).toMatchObject({
    waitingFor: 'approval',
    detail: expect.stringMatching(/^@s\/echo: /),
  })
  expect(log()).not.toContain('tools/call echo')
  lab.type(pane, 't')
  await answered()
  expect(content()).toBe('echo: {"text":"hi \u202e"}')
  expect(JSON.stringify(lab.server.requests.at(-1)?.body.toolConfig)).toMatch(/fs_read.*grep.*s___echo/)

  await call('s___echo', { text: 'again' })
  await answered()
  expect(content()).toBe('echo: {"text":"again"}')
  await call('s___fail')
  await until(() => question.test(screen()), { what: 'the question' })
  lab.type(pane, 'n')
  await answered()
  expect(results()[0]?.status).toBe('error')
  expect(log()).not.toContain('tools/call fail')
})

test('rules name a server or one of its tools, and what is denied does not run', async () => {
  configure([], '[tools]\nallow = ["@s"]\ndeny = ["@s/echo"]\n')
  await startWorkspace(lab)
  await call('s___echo')
  await answered()
  expect(screen()).toContain('not run: @s/echo is denied in the configuration')
  await call('s___env')
  await answered()
  expect(screen()).not.toMatch(question)
  const env = JSON.parse(content())
  expect(env).toMatchObject({ ITS_TOKEN: 'of the server', HOME: lab.home })
  expect(JSON.stringify(env)).not.toMatch(
    new RegExp(`AWS_|ghp_of_the_user|${fakeKeys.AWS_SECRET_ACCESS_KEY}`),
  )
})

test('a session that uses no tool of a server does not start it once its tools are known', async () => {
  configure([], '[tools]\nallow = ["@s"]\n')
  await startWorkspace(lab)
  lab.type(pane, '/tools')
  await until(() => screen().includes('@s  not started, its tools are not known yet'))
  lab.type(pane, 'say one')
  await until(() => screen().includes('\none'))
  expect(log().filter((line) => line.startsWith('start'))).toHaveLength(1)
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'say two'])
  await until(() => screen('=q:second').includes('\ntwo'))
  lab.type('=q:second', '/tools')
  await until(() => screen('=q:second').includes('@s  not started, 11 tools'))
  expect(screen('=q:second')).toContain('    echo, env, roots')
  expect(log().filter((line) => line.startsWith('start'))).toHaveLength(1)
})

test('no server is started for the guide, which uses no tools', async () => {
  configure()
  await lab.q(['mux', '--detach'], { env: { Q_MODEL_PROVIDER: 'guide' } })
  await promptUp(lab, 'dev-1')
  lab.type(pane, 'count to 1')
  await until(() => screen().includes('Done: now this session waits for you.'))
  expect(log()).toEqual([])
})

test('Ctrl-C ends a call that hangs, and the session goes on', async () => {
  configure([], '[tools]\nallow = ["@s"]\n')
  await startWorkspace(lab)
  await call('s___hang')
  await until(() => log().includes('tools/call hang'))
  lab.keys(pane, 'C-c')
  await until(() => screen().includes('stopped; what came is kept'))
  await until(() => log().includes('notifications/cancelled'))
  lab.type(pane, 'say on')
  await until(() => screen().includes('The tool answered: Stopped by the user.'))
})

test('a server that does not start is said once and costs its own tools only', async () => {
  configure(['die-at-start'])
  await startWorkspace(lab)
  lab.type(pane, 'tool fs_read {"operations":[{"mode":"Directory","path":"."}]}')
  await answered()
  expect(screen()).toContain(
    'MCP server s: it ended with exit code 3; its last words: cannot find the config',
  )
  expect(results()[0]?.status).toBe('success')
})

/** A session that runs a server which minds neither the end of its input nor TERM, with a child that is like it. */
async function withDeafServer(): Promise<{ worker: number; server: number[] }> {
  configure(['deaf'], '[tools]\nallow = ["@s"]\n')
  await startWorkspace(lab)
  await call('s___echo')
  await answered()
  const server = pidsIn(log())
  expect(server.filter(living)).toHaveLength(2)
  return { worker: (await session(lab, 'dev-1')).pid as number, server }
}

test.each([
  ['is left', () => lab.type(pane, '/quit')],
  ['ends with the workspace', () => lab.q(['mux', 'stop'])],
])('when a session %s, its servers are gone before its own program is, however deaf', async (_, leave) => {
  const { worker, server } = await withDeafServer()
  await leave()
  await until(() => !living(worker), { what: 'the end of the worker' })
  expect(server.filter(living)).toEqual([])
})

test('nothing of a server is left when the worker is killed', async () => {
  const { worker, server } = await withDeafServer()
  process.kill(worker, 'SIGKILL')
  await until(() => server.filter(living).length === 0, { what: 'the end of the server' })
})

test('q mux doctor looks for the command of each server', async () => {
  configure([], '[mcp.gone]\ncommand = "no-such-program"\n[mcp.off]\ncommand = "x"\ndisabled = true\n')
  const { stdout } = await lab.q(['mux', 'doctor'])
  expect(stdout).toMatch(new RegExp(`mcp s +${process.execPath}`))
  expect(stdout).toMatch(/mcp gone +there is no command no-such-program/)
  expect(stdout).toMatch(/mcp off +disabled/)
  expect(log()).toEqual([])
})
