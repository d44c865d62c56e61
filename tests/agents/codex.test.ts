import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { AgentQuestion } from '../../src/agents/agent.ts'
import { codex } from '../../src/agents/codex/codex.ts'
import { rejectionOf } from '../support/thrown.ts'
import { until } from '../support/until.ts'
import { closeAgents, type Prepared, prepareAgent } from './prepared-agent.ts'

type Json = Record<string, unknown>

const servers: AppServer[] = []
const directories: string[] = []
const groups: ChildProcess[] = []
afterEach(async () => {
  await closeAgents()
  for (const one of servers.splice(0)) one.end()
  for (const { pid } of groups.splice(0)) endGroup(pid)
  for (const one of directories.splice(0)) rmSync(one, { recursive: true, force: true })
})

/** As codex's app-server speaks: what it is asked it answers as it was told to, and refuses all else. */
interface AppServer {
  asked: Json[]
  answers: Map<string, (params: Json) => unknown>
  tell(method: string, params: Json): void
  /** A request of its own, to each of its clients. */
  ask(id: number, method: string, params: Json): void
  /** What a client answered to a request. */
  answerTo(id: number): Promise<unknown>
  isConnected(): boolean
  drop(): void
  end(): void
}

async function appServer(socket: string): Promise<AppServer> {
  const http: Server = createServer()
  const clients = new Set<WebSocket>()
  const asked: Json[] = []
  const answers = new Map<string, (params: Json) => unknown>([
    ['initialize', () => ({ userAgent: 'codex-tui/0.171.0' })],
    ['thread/loaded/list', () => ({ data: [] })],
  ])
  let greeted = 0
  const given = new Map<unknown, unknown>()
  new WebSocketServer({ server: http }).on('connection', (client) => {
    clients.add(client)
    client.on('close', () => {
      clients.delete(client)
      greeted = 0
    })
    client.on('message', (data) => {
      const { id, method, params, result } = JSON.parse(String(data))
      if (method === 'initialized') greeted += 1
      if (method === undefined) given.set(id, result)
      if (method === undefined || id === undefined) return
      asked.push({ method, ...params })
      const answer = answers.get(method)?.(params)
      const error = { code: -32600, message: 'no rollout found' }
      client.send(JSON.stringify(answer === undefined ? { id, error } : { id, result: answer }))
    })
  })
  http.listen(socket)
  await once(http, 'listening')
  const send = (message: Json): void => {
    for (const client of clients) client.send(JSON.stringify(message))
  }
  const server: AppServer = {
    asked,
    answers,
    tell: (method, params) => send({ method, params }),
    ask: (id, method, params) => send({ method, id, params }),
    answerTo: (id) => until(() => given.get(id), { what: `an answer to ${id}` }),
    isConnected: () => greeted > 0,
    drop() {
      for (const client of clients) client.terminate()
    },
    end() {
      server.drop()
      http.close()
    },
  }
  servers.push(server)
  return server
}

type Play = Prepared & { server: AppServer }

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'cx-'))
  directories.push(made)
  return made
}

/** It is up, and its server is heard. */
async function connect(conversation?: string): Promise<Play> {
  const place = directory()
  const server = await appServer(join(place, 'x.sock'))
  const play = { ...(await prepareAgent(codex, { conversation, directory: place })), server }
  await until(server.isConnected)
  return play
}

/** A conversation has begun, and its first prompt was answered. */
async function begin(): Promise<Play> {
  const play = await connect()
  const { server } = play
  server.answers.set('thread/resume', () => ({ thread: {} }))
  server.answers.set('thread/turns/list', () => ({ data: [turn('turn_1', 'inProgress', said('hello'))] }))
  server.tell('thread/started', { thread: { id: 'one', ephemeral: false, parentThreadId: null } })
  active(play)
  await play.hears(
    { type: 'ready' },
    { type: 'working', detail: 'thinking' },
    { type: 'conversation', id: 'one' },
    { type: 'prompt', text: 'hello' },
  )
  completed(play, 'turn_1', 'completed', answered('hi'))
  await play.hears({ type: 'answer', text: 'hi' })
  return play
}

function active({ server }: Pick<Play, 'server'>, flags: string[] = [], threadId = 'one'): void {
  server.tell('thread/status/changed', { threadId, status: { type: 'active', activeFlags: flags } })
}

function completed({ server }: Pick<Play, 'server'>, id: string, status: string, ...items: Json[]): void {
  const idle = { type: status === 'failed' ? 'systemError' : 'idle' }
  server.tell('thread/status/changed', { threadId: 'one', status: idle })
  const error = status === 'failed' ? { message: 'unexpected status 401' } : null
  server.tell('turn/completed', { threadId: 'one', turn: { ...turn(id, status, ...items), error } })
}

function turn(id: string, status: string, ...items: Json[]): Json {
  return { id, status, items, error: null, startedAt: Math.floor(Date.now() / 1000) }
}

function said(text: string, id = 'user_1'): Json {
  return { type: 'userMessage', id, content: [{ type: 'text', text, text_elements: [] }] }
}

function answered(text: string): Json {
  return { type: 'agentMessage', id: 'm_1', text }
}

function started({ server }: Pick<Play, 'server'>, item: Json, threadId = 'one'): void {
  server.tell('item/started', { threadId, turnId: 'turn_2', item })
}

/** A prompt, as the server tells it. */
async function prompt(play: Play, text: string): Promise<void> {
  active(play)
  play.server.tell('turn/started', { threadId: 'one', turn: turn('turn_2', 'inProgress') })
  started(play, said(text, `user_${text}`))
  await play.hears({ type: 'working', detail: 'thinking' }, { type: 'prompt', text })
}

const touch = {
  threadId: 'one',
  turnId: 'turn_2',
  itemId: 'call_1',
  startedAtMs: 1,
  kind: 'command',
  environmentId: 'local',
  reason: 'make a file',
  command: "/bin/bash -lc 'touch x'",
  cwd: '/work',
  commandActions: [{ type: 'unknown', command: 'touch x' }],
  availableDecisions: ['accept', 'cancel'],
}
const approval = 'item/commandExecution/requestApproval'

async function asks(play: Play, more: Json = {}): Promise<AgentQuestion> {
  await prompt(play, 'make it')
  play.server.ask(7, approval, { ...touch, ...more })
  return play.question()
}

test('its program is started on a server of its own, whose socket and originator are ours to say', async () => {
  const place = directory()
  const { agent } = await prepareAgent(codex, {
    directory: place,
    args: ['-m', 'x'],
    prompt: 'hello',
    conversation: 'one',
  })
  expect(agent.argv.slice(0, 2)).toEqual(['/bin/sh', '-c'])
  expect(agent.argv.slice(3)).toEqual([
    'codex',
    join(place, 'x.sock'),
    '-m',
    'x',
    'resume',
    'one',
    '--',
    'hello',
  ])
  expect(agent.env).toEqual({ CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'codex-tui' })
})

test.each(['--remote', '--remote=unix://x', '--no-daemon'])('%s is refused', async (word) => {
  const error = await rejectionOf(prepareAgent(codex, { directory: directory(), args: [word] }))
  expect(String(error)).toContain(
    `codex cannot be given ${word.replace(/=.*/, '')} here: q mux starts its server`,
  )
})

test('a first prompt is told with its conversation, although nobody may take part in it before', begin)

test('a conversation that has no file yet is asked for again', async () => {
  const play = await connect()
  const { server } = play
  server.tell('thread/started', { thread: { id: 'one', ephemeral: false } })
  active(play)
  await play.hears({ type: 'ready' }, { type: 'working', detail: 'thinking' })
  await until(() => server.asked.some(({ method }) => method === 'thread/resume'))
  server.answers.set('thread/turns/list', () => ({
    data: [turn('turn_1', 'completed', said('hello'), answered('hi'))],
  }))
  server.answers.set('thread/resume', () => ({ thread: {} }))
  await play.hears(
    { type: 'conversation', id: 'one' },
    { type: 'prompt', text: 'hello' },
    { type: 'answer', text: 'hi' },
  )
})

test('a turn of which nobody may hear ends when the server says that it rests', async () => {
  const play = await connect()
  play.server.tell('thread/started', { thread: { id: 'one', ephemeral: false } })
  active(play)
  await play.hears({ type: 'ready' }, { type: 'working', detail: 'thinking' })
  play.server.tell('thread/status/changed', { threadId: 'one', status: { type: 'idle' } })
  await play.hears({ type: 'rests' })
})

test('what a conversation that goes on ended with is no news', async () => {
  const play = await connect('one')
  const old = { ...turn('turn_0', 'completed', said('before'), answered('then')), startedAt: 1_700_000_000 }
  play.server.answers.set('thread/resume', () => ({ thread: {} }))
  play.server.answers.set('thread/turns/list', () => ({ data: [old] }))
  play.server.tell('thread/status/changed', { threadId: 'one', status: { type: 'idle' } })
  await play.hears({ type: 'ready' })
  active(play)
  await play.hears({ type: 'working', detail: 'thinking' }, { type: 'conversation', id: 'one' })
  started(play, said('now'))
  await play.hears({ type: 'prompt', text: 'now' })
})

test('one that its window showed before anybody listened is found', async () => {
  const place = directory()
  const server = await appServer(join(place, 'x.sock'))
  server.answers.set('thread/loaded/list', () => ({ data: ['one'] }))
  const play = await prepareAgent(codex, { directory: place })
  await play.hears({ type: 'ready' })
  expect(play.agent.send).toBeDefined()
})

test('a login that its window asks for is told, and that it was given', async () => {
  const place = directory()
  const server = await appServer(join(place, 'x.sock'))
  server.answers.set('account/read', () => ({ account: null, requiresOpenaiAuth: true }))
  const play = await prepareAgent(codex, { directory: place })
  await play.hears({ type: 'asks-there', detail: 'asks for a login in its own window' })
  server.tell('thread/started', { thread: { id: 'one', ephemeral: false } })
  await play.hears({ type: 'ready' })
})

test('an interrupt and a failure are told', async () => {
  const play = await begin()
  await prompt(play, 'long')
  completed(play, 'turn_2', 'interrupted')
  await play.hears({ type: 'interrupted' })
  await prompt(play, 'fails')
  play.server.tell('error', { threadId: 'one', willRetry: true, error: { message: 'stream cut' } })
  await play.hears({ type: 'working', detail: 'retries: stream cut' })
  completed(play, 'turn_3', 'failed')
  await play.hears({ type: 'failed', detail: 'unexpected status 401' })
})

test('its title, and what it asks for a title with, which is no conversation', async () => {
  const play = await begin()
  play.server.tell('thread/started', { thread: { id: 'two', ephemeral: true } })
  active(play, [], 'two')
  play.server.tell('thread/status/changed', { threadId: 'two', status: { type: 'idle' } })
  play.server.tell('thread/name/updated', { threadId: 'one', threadName: 'Say hello' })
  await play.hears({ type: 'title', text: 'Say hello' })
})

test('another conversation in its window, which begins anew', async () => {
  const play = await begin()
  await prompt(play, 'long')
  play.server.tell('thread/started', { thread: { id: 'two', ephemeral: false } })
  await play.hears({ type: 'rests' }, { type: 'ready' })
})

test('a question is told whole, and answered', async () => {
  const play = await begin()
  const question = await asks(play)
  expect(question).toMatchObject({
    tool: 'execute_bash',
    input: {
      command: "/bin/bash -lc 'touch x'",
      cwd: '/work',
      reason: 'make a file',
      environmentId: 'local',
    },
    trusts: undefined,
  })
  expect(question.input).not.toHaveProperty('threadId')
  expect(await question.answer({ type: 'approve' })).toBe(true)
  expect(await play.server.answerTo(7)).toEqual({ decision: 'accept' })
})

test('what a command may do besides is shown with it', async () => {
  const play = await begin()
  const permissions = { network: { enabled: true } }
  const question = await asks(play, { additionalPermissions: permissions })
  expect(question.input).toMatchObject({ additionalPermissions: permissions })
})

test('a yes to all of the kind, where it takes one', async () => {
  const play = await begin()
  const question = await asks(play, { availableDecisions: ['accept', 'acceptForSession'] })
  expect(question.trusts).toBe('the same command, until it ends')
  await question.answer({ type: 'trust' })
  expect(await play.server.answerTo(7)).toEqual({ decision: 'acceptForSession' })
})

test('the words of a no follow it as a prompt in the same turn', async () => {
  const play = await begin()
  const question = await asks(play)
  play.server.answers.set('turn/start', () => ({ turn: {} }))
  await question.answer({ type: 'decline', text: 'use the other bucket' })
  expect(await play.server.answerTo(7)).toEqual({ decision: 'decline' })
  const start = await until(() => play.server.asked.find(({ method }) => method === 'turn/start'))
  expect(start).toEqual({
    method: 'turn/start',
    threadId: 'one',
    input: [{ type: 'text', text: 'use the other bucket' }],
  })
})

test('a question that was answered in its window is settled, and takes no other answer', async () => {
  const play = await begin()
  const question = await asks(play)
  play.told.splice(0)
  play.server.tell('serverRequest/resolved', { threadId: 'one', requestId: 7 })
  await play.hears({ type: 'settled', question: question.id })
  expect(await question.answer({ type: 'approve' })).toBe(false)
})

test('a change of files is asked about with all of it', async () => {
  const play = await begin()
  const changes = [{ path: '/work/a.txt', kind: { type: 'add' }, diff: 'one\n' }]
  await prompt(play, 'write it')
  started(play, { type: 'fileChange', id: 'call_2', changes, status: 'inProgress' })
  await play.hears({ type: 'tool', tool: 'fs_write', input: { changes } })
  play.server.ask(8, 'item/fileChange/requestApproval', { ...touch, itemId: 'call_2', command: null })
  const { tool, input } = await play.question()
  expect({ tool, input }).toMatchObject({ tool: 'fs_write', input: { changes } })
})

test('what only its window can answer waits there, and work goes on after it', async () => {
  const play = await begin()
  await prompt(play, 'ask me')
  play.server.ask(9, 'item/tool/requestUserInput', {
    threadId: 'one',
    questions: [{ question: 'Which one?' }],
  })
  await play.hears({ type: 'asks-there', detail: 'asks: Which one?' })
  play.server.tell('serverRequest/resolved', { threadId: 'one', requestId: 9 })
  await play.hears({ type: 'working', detail: 'thinking' })
})

test('a subagent that asks waits in its window', async () => {
  const play = await begin()
  await prompt(play, 'delegate')
  play.server.tell('thread/started', { thread: { id: 'sub', parentThreadId: 'one', ephemeral: false } })
  active(play, [], 'sub')
  active(play, ['waitingOnApproval'], 'sub')
  await play.hears({ type: 'asks-there', detail: 'a subagent asks in its own window' })
  active(play, [], 'sub')
  await play.hears({ type: 'working', detail: 'thinking' })
})

test('a prompt from afar is a turn of its own; while it works it takes none', async () => {
  const play = await begin()
  play.server.answers.set('turn/start', () => ({ turn: {} }))
  expect(await play.agent.send?.('from afar')).toBe(true)
  await prompt(play, 'from afar')
  expect(await play.agent.send?.('too early')).toBe(false)
})

test('a connection that is lost comes back, and what was missed is told', async () => {
  const play = await begin()
  await prompt(play, 'long')
  play.server.answers.set('thread/loaded/list', () => ({ data: ['one'] }))
  play.server.answers.set('thread/read', () => ({ thread: { id: 'one', status: { type: 'idle' } } }))
  const missed = { data: [turn('turn_2', 'completed', said('long', 'user_long'), answered('done'))] }
  play.server.answers.set('thread/turns/list', () => missed)
  play.server.drop()
  await play.hears({ type: 'conversation', id: 'one' }, { type: 'answer', text: 'done' })
  expect(play.wrong).toEqual([])
})

/** Stands in for codex, as a command: a server that says its process and listens, and a program of some seconds. */
function command(place: string, server: string, program: string): string {
  const file = join(place, 'codex')
  const listens = `exec "${process.execPath}" -e 'require("net").createServer().listen(process.argv[1])' "\${3#unix://}"`
  writeFileSync(
    file,
    `#!/bin/sh\nif [ "$1" = app-server ]; then\n echo $$ > "${place}/server"\n ${server || listens}\nfi\necho up\n${program}\n`,
  )
  chmodSync(file, 0o755)
  return file
}

async function runJob(
  server: string,
  program: string,
): Promise<{ place: string; job: ChildProcess; output(): string }> {
  const place = directory()
  const { agent } = await prepareAgent(codex, { directory: place, program: command(place, server, program) })
  const [shell = '', ...words] = agent.argv
  // A group of its own, as a shell with job control makes it.
  const job = spawn(shell, words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  groups.push(job)
  let output = ''
  for (const stream of [job.stdout, job.stderr]) stream?.on('data', (data: Buffer) => (output += data))
  return { place, job, output: () => output }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function serverOf(place: string): number {
  return Number(readFileSync(join(place, 'server'), 'utf8'))
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the end of its program ends its server, and is the end of both', async () => {
  const { place, job } = await runJob('', 'exit 3')
  const [code] = await once(job, 'exit')
  expect(code).toBe(3)
  expect(lives(serverOf(place))).toBe(false)
})

test('a server that is killed ends its program', async () => {
  const { place, job, output } = await runJob('', 'exec sleep 600')
  await until(() => output().includes('up'))
  process.kill(serverOf(place), 'SIGKILL')
  const [code] = await once(job, 'exit')
  expect(code).toBe(143)
})

test('a server that does not end at the first word is told twice', async () => {
  const once_ = `trap 'trap - TERM' TERM; "${process.execPath}" -e 'require("net").createServer().listen(process.argv[1])' "\${3#unix://}" & while :; do wait $! && break; done`
  const { place, job } = await runJob(once_, 'exit 0')
  const [code] = await once(job, 'exit')
  expect(code).toBe(0)
  await until(() => !lives(serverOf(place)))
})

test('a server that does not start says why in the window', async () => {
  const { job, output, place } = await runJob('echo the config is broken >&2; exit 1', 'exit 0')
  const [code] = await once(job, 'exit')
  expect(code).toBe(1)
  expect(output()).toContain('the config is broken')
  expect(existsSync(join(place, 'x.sock'))).toBe(false)
})
