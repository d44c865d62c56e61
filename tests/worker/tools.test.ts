import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, say, tool } from '../support/bedrock-script.ts'
import { livenessOf, processOf } from '../support/processes.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  openShell,
  promptUp,
  q,
  query,
  session,
  startWorkspace,
} from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const question = /Allow this action\?[\s\S]*\[y\/n\/t\]:/
/** What the pane shows, long lines whole. */
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-t', pane)
const file = (name: string) => join(lab.home, name)
/** The results that the last request carried. */
const results = () =>
  (lab.server.requests.at(-1)?.body.messages?.at(-1)?.content ?? []).flatMap(({ toolResult }) =>
    toolResult ? [toolResult as { status: string; content: { text: string }[] }] : [],
  )

async function ask(command: string): Promise<void> {
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.type(pane, `tool execute_bash ${JSON.stringify({ command })}`)
  await until(() => question.test(screen()), { what: `the question about ${command}` })
}

/** The turn that sent a tool's result is over. */
async function answered(): Promise<void> {
  await until(() => results().length > 0, { what: 'a result for the model' })
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input', { what: 'the end' })
}

test('fs_read in the working directory runs without asking, and the model gets what it read', async () => {
  writeFileSync(file('notes.txt'), 'the quick fox\n')
  await startWorkspace(lab)
  const use = { operations: [{ mode: 'Line', path: 'notes.txt' }] }
  lab.type(pane, `tool fs_read ${JSON.stringify(use)}`)
  await answered()
  expect(screen()).toContain('fs_read ▐ read notes.txt')
  expect(screen()).not.toMatch(question)
  expect(results()).toEqual([{ ...results()[0], status: 'success' }])
  expect(results()[0]?.content[0]?.text).toContain('the quick fox')
  const [request] = lab.server.requests
  expect(JSON.stringify(request?.body.toolConfig)).toMatch(/fs_read.*fs_write.*execute_bash.*glob.*grep/)
})

test('what may hold credentials is asked about with the reason, and t trusts just what it showed', async () => {
  writeFileSync(file('.env'), 'A=sesame\n')
  writeFileSync(file('deploy'), '-----BEGIN OPENSSH PRIVATE KEY-----\n')
  lab.config('[sessions]\nauto_generate_names = false\n[tools]\nallow = ["fs_read", "execute_bash(cat *)"]\n')
  await startWorkspace(lab)
  const reading = (path: string) => `tool fs_read ${JSON.stringify({ operations: [{ mode: 'Line', path }] })}`
  lab.type(pane, reading('.env'))
  await until(() => question.test(screen()))
  expect(screen()).toContain(`${lab.home}/.env: it may hold credentials`)
  expect(screen().replaceAll(/\s+/g, ' ')).toContain(
    `t trusts, for this session: ▐ reading ${lab.home}/.env fs_read`,
  )
  lab.type(pane, 't')
  await answered()
  expect(results()[0]?.content[0]?.text).toContain('sesame')
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.type(pane, reading('deploy'))
  await until(() => question.test(screen()))
  expect(screen()).toContain(`${lab.home}/deploy: it holds a private key`)
  lab.type(pane, 'n')
  await answered()
  await ask('cat .e*')
  expect(screen()).toContain('.e*: it may hold credentials')
  lab.type(pane, 'n')
  await answered()
  await ask('cat --made-up x')
  expect(screen()).toContain('--made-up is not known to only read; execute_bash(cat *) does not name it')
})

test('execute_bash asks: the list and the corner say so, a prompt from elsewhere too; y runs it', async () => {
  await startWorkspace(lab)
  await ask('echo ran > ran.txt; echo "token: $GITHUB_TOKEN$AWS_REGION."')
  expect(screen()).toContain('execute_bash (1 line):\n▐ echo ran > ran.txt; echo')
  const waits = async () => {
    const now = await session(lab, 'dev-1')
    expect(now).toMatchObject({ status: 'WaitingForInput', waitingFor: 'approval' })
    expect(now.detail).toContain('execute_bash: echo ran > ran.txt')
  }
  await waits()
  await until(() => lab.corner() === '[dev-1!]')
  await lab.q(['mux', 'send', 'dev-1', 'say later'])
  await until(() => screen().includes('(1 prompt queued)'))
  await waits()
  expect(existsSync(file('ran.txt'))).toBe(false)
  lab.type(pane, 'y')
  await until(() => screen().includes('The tool answered:'))
  expect(readFileSync(file('ran.txt'), 'utf8')).toBe('ran\n')
  expect(screen()).toMatch(/^token: \.$/m)
  await until(() => /^later$/m.test(screen()), { what: 'the queued prompt' })
})

test('the line about a command of several lines says that there are more', async () => {
  await startWorkspace(lab)
  await ask('ls\ntouch no.txt\ndate')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'approval')
  expect((await session(lab, 'dev-1')).detail).toBe('execute_bash: ls … +2 lines')
  lab.type(pane, 'n')
})

test('n and any other text decline, and the text reaches the model', async () => {
  await startWorkspace(lab)
  await ask('touch no.txt')
  lab.type(pane, 'n')
  await answered()
  expect(results()[0]).toMatchObject({ status: 'error' })
  expect(results()[0]?.content[0]?.text).toBe('The user declined this: it was not run.')
  await ask('touch no.txt')
  lab.type(pane, 'yes, but call it maybe.txt')
  await until(() => results()[0]?.content[0]?.text.includes('maybe') === true)
  expect(results()[0]?.content[0]?.text).toContain('The user says: yes, but call it maybe.txt')
  expect(existsSync(file('no.txt'))).toBe(false)
})

test('t trusts this very command and says so; another one asks again; /tools lists it', async () => {
  await startWorkspace(lab)
  await ask('echo one >> count')
  const asked = screen().replaceAll(/\s+/g, ' ')
  expect(asked).toContain(
    "Use 't' to trust this very command line, in this directory, for this session. [y/n/t]:",
  )
  lab.type(pane, 't')
  await answered()
  lab.type(pane, `tool execute_bash ${JSON.stringify({ command: 'echo one >> count' })}`)
  await until(() => readFileSync(file('count'), 'utf8') === 'one\none\n')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input')
  await ask('echo one >> count; echo two >> count')
  lab.type(pane, 'n')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input')
  expect(readFileSync(file('count'), 'utf8')).toBe('one\none\n')
  lab.type(pane, '/tools')
  await until(() => /execute_bash +asks[\s\S]*trusted: execute_bash: echo one >> count$/m.test(screen()))
})

test('Ctrl-C at the question declines and ends the turn; the next line works', async () => {
  await startWorkspace(lab)
  await ask('touch no.txt')
  lab.keys(pane, 'C-c')
  await until(() => screen().includes('(stopped; what came is kept)'))
  await promptUp(lab, 'dev-1')
  const requests = lab.server.requests.length
  expect(existsSync(file('no.txt'))).toBe(false)
  lab.type(pane, 'say after')
  await until(() => lab.server.requests.length === requests + 1)
  const sent = lab.server.requests.at(-1)?.body.messages
  expect(sent?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  expect(JSON.stringify(sent)).toContain('The user declined this')
})

test('Ctrl-C ends a command that runs, and what it printed is kept', async () => {
  await startWorkspace(lab)
  await ask('echo begun; sleep 60; touch no.txt')
  lab.type(pane, 'y')
  await until(() => /^begun$/m.test(screen()))
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Processing' })
  lab.keys(pane, 'C-c')
  await promptUp(lab, 'dev-1')
  const [{ content } = { content: '' }] = query<{ content: string }>(
    lab,
    "SELECT content FROM messages WHERE role = 'user' ORDER BY seq DESC LIMIT 1",
  )
  expect(content).toMatch(/begun.*Stopped by the user/)
})

test('a command does not outlive a session that is killed, though it minds no signal', async () => {
  await startWorkspace(lab)
  await ask('trap "" TERM HUP; echo $$ > pid; while :; do sleep 0.1; done')
  lab.type(pane, 'y')
  await until(() => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8').endsWith('\n'))
  process.kill((await session(lab, 'dev-1')).pid ?? 0, 'SIGKILL')
  const command = Number(readFileSync(file('pid'), 'utf8'))
  await until(() => livenessOf(processOf(command)) === 'gone')
})

test('a y that was typed before the question, or pasted, does not approve', async () => {
  await startWorkspace(lab)
  lab.server.respondWith(
    [
      { do: 'wait', ms: 800 },
      ...answer(tool('t1', 'execute_bash', ['{"command":"touch no.txt"}']), 'tool_use'),
    ],
    say('fine'),
  )
  lab.type(pane, 'question')
  await until(() => lab.server.requests.length === 1)
  lab.type(pane, 'y')
  await until(() => question.test(screen()))
  lab.tmux('set-buffer', '-b', 'p', 'y\n')
  lab.tmux('paste-buffer', '-p', '-b', 'p', '-t', pane)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'approval' })
  expect(existsSync(file('no.txt'))).toBe(false)
  lab.keys(pane, 'C-c')
  await promptUp(lab, 'dev-1', 'y')
  expect(existsSync(file('no.txt'))).toBe(false)
})

test('fs_write shows the difference first, and writes exactly that', async () => {
  writeFileSync(file('a.txt'), 'one\ntwo\n')
  await startWorkspace(lab)
  const use = { command: 'str_replace', path: 'a.txt', old_str: 'two', new_str: 'three' }
  lab.type(pane, `tool fs_write ${JSON.stringify(use)}`)
  await until(() => question.test(screen()))
  expect(screen()).toMatch(/▐ change a\.txt\n▐ @@ -1 \+1 @@\n▐ {2}one\n▐ -two\n▐ \+three\n/)
  expect(readFileSync(file('a.txt'), 'utf8')).toBe('one\ntwo\n')
  lab.type(pane, 'y')
  await answered()
  expect(readFileSync(file('a.txt'), 'utf8')).toBe('one\nthree\n')
})

test('allow and deny rules of the configuration decide, deny first', async () => {
  lab.config('[tools]\nallow = ["execute_bash(echo *)", "fs_write"]\ndeny = ["execute_bash(echo secret*)"]\n')
  await startWorkspace(lab)
  lab.type(pane, 'tool execute_bash {"command":"echo allowed"}')
  await until(() => results()[0]?.content[0]?.text.includes('"stdout":"allowed\\n"') === true)
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input')
  lab.type(pane, 'tool execute_bash {"command":"echo secret"}')
  await until(() => results()[0]?.content[0]?.text.includes('execute_bash(echo secret*) denies it') === true)
  await until(() => screen().includes('is denied in the configuration'))
})

test('several uses in one answer: each result is kept as it comes; broken and unknown ones are results too', async () => {
  await startWorkspace(lab)
  lab.server.respondWith(
    answer(
      [
        ...tool('t1', 'glob', ['{"pattern":"*.none"}'], 1),
        ...tool('t2', 'execute_bash', ['{"command":'], 2),
        ...tool('t3', 'teleport', ['{}'], 3),
        ...tool('t4', 'execute_bash', ['{"command":"touch no.txt"}'], 4),
      ],
      'tool_use',
    ),
  )
  lab.type(pane, 'several')
  await until(() => question.test(screen()))
  const kept = () =>
    query<{ content: string }>(lab, "SELECT content FROM messages WHERE role = 'user' ORDER BY seq").at(-1)
  expect(JSON.parse(kept()?.content ?? '[]').map(({ id }: { id: string }) => id)).toEqual(['t1', 't2', 't3'])
  expect(kept()?.content).toMatch(/not a JSON object.*no tool teleport/)

  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => screen().includes('Press Enter to go on'))
  lab.keys(pane, 'Enter')
  await promptUp(lab, 'dev-1')
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'error' })
  expect(screen()).toContain('cut off')
  lab.type(pane, 'say after')
  await until(() => results().length > 0)
  expect(results().map(({ status }) => status)).toHaveLength(4)
  expect(JSON.stringify(results())).toMatch(/interrupted and not run again.*no tool teleport/)
  expect(existsSync(file('no.txt'))).toBe(false)
})

test('q chat --trust-tools trusts its rules in this terminal', async () => {
  const shell = openShell(lab, `cd ${lab.home} && ${q} chat --trust-tools 'glob,execute_bash(echo *)'`)
  await until(() => shell.screen().includes('q>'))
  shell.type('tool execute_bash {"command":"echo unasked"}')
  await until(() => /^unasked$/m.test(shell.screen()), { patience: 60_000 })
  await until(() => shell.screen().includes('The tool answered'))
  expect(shell.screen()).not.toContain('Allow this action?')
})
