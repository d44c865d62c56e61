import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { AgentQuestion } from '../../src/agents/agent.ts'
import { opencode } from '../../src/agents/opencode/opencode.ts'
import { type Child, endChildren, startProgram } from '../support/child.ts'
import { rejectionOf } from '../support/thrown.ts'
import { until } from '../support/until.ts'
import { closeAgents, type Prepared, prepareAgent } from './prepared-agent.ts'

const program = fileURLToPath(new URL('fake-opencode.ts', import.meta.url))
afterEach(async () => {
  await closeAgents()
  await endChildren()
})

interface Play extends Prepared {
  start(env?: NodeJS.ProcessEnv): Child
  /** One of the events of the server. */
  event(type: string, properties: Record<string, unknown>): void
  answers(asked: string, status: number, body?: unknown): Promise<void>
}

async function prepare(run: { conversation?: string; prompt?: string; args?: string[] } = {}): Promise<Play> {
  const prepared = await prepareAgent(opencode, { program, ...run })
  const { agent } = prepared
  let child: Child | undefined
  const line = (text: string): void => void child?.process.stdin?.write(`${text}\n`)
  return {
    ...prepared,
    start(env = {}) {
      child = startProgram(process.execPath, [...agent.argv], { ...agent.env, ...env })
      return child
    },
    event: (type, properties) => line(`event ${JSON.stringify({ id: 'evt_1', type, properties })}`),
    async answers(asked, status, body = {}) {
      const count = (): number => child?.lines.filter((one) => one === 'set').length ?? 0
      const before = count()
      line(`answer "${asked}" ${status} ${JSON.stringify(body)}`)
      await until(() => count() > before)
    },
  }
}

/** It is up, and a conversation has begun. */
async function begin(): Promise<Play & { child: Child }> {
  const play = await prepare()
  const child = play.start()
  await play.hears({ type: 'ready' })
  created(play, 'ses_1')
  await play.hears({ type: 'conversation', id: 'ses_1' })
  return { ...play, child }
}

function created({ event }: Play, id: string, more: Record<string, unknown> = {}): void {
  const title = 'New session - 2026-11-27T13:05:34.374Z'
  event('session.created', { sessionID: id, info: { id, title, agent: 'build', ...more } })
}

let count = 0
/** A prompt as the server tells it, and that work begins. */
function prompt({ event }: Play, text: string, sessionID = 'ses_1'): string {
  count += 1
  const messageID = `msg_user_${count}`
  event('message.updated', {
    sessionID,
    info: { id: messageID, role: 'user', sessionID, time: { created: Date.now() } },
  })
  event('message.part.updated', {
    sessionID,
    part: { type: 'text', text, messageID, sessionID, id: `prt_${count}` },
  })
  status({ event }, { type: 'busy' }, sessionID)
  return messageID
}

function assistant({ event }: Pick<Play, 'event'>, text: string, more: Record<string, unknown> = {}): string {
  count += 1
  const messageID = `msg_assistant_${count}`
  const sessionID = 'ses_1'
  event('message.updated', {
    sessionID,
    info: { id: messageID, role: 'assistant', sessionID, time: { created: Date.now() }, ...more },
  })
  event('message.part.updated', {
    sessionID,
    part: { id: `prt_${count}`, messageID, sessionID, type: 'text', text },
  })
  event('message.updated', {
    sessionID,
    info: {
      id: messageID,
      role: 'assistant',
      sessionID,
      time: { created: Date.now() },
      finish: 'stop',
      ...more,
    },
  })
  return messageID
}

function status({ event }: Pick<Play, 'event'>, state: Record<string, unknown>, sessionID = 'ses_1'): void {
  event('session.status', { sessionID, status: state })
  if (state.type === 'idle') event('session.idle', { sessionID })
}

function toolPart({ event }: Pick<Play, 'event'>, tool: string, input: unknown, more = {}): void {
  const part = {
    type: 'tool',
    tool,
    callID: 'call_1',
    sessionID: 'ses_1',
    messageID: 'msg_a',
    id: 'prt_tool',
  }
  const state = { status: 'running', input, time: { start: 1 } }
  event('message.part.updated', { sessionID: 'ses_1', part: { ...part, state, ...more } })
}

function asked({ event }: Pick<Play, 'event'>, more: Record<string, unknown> = {}): void {
  event('permission.asked', {
    id: 'per_1',
    sessionID: 'ses_1',
    permission: 'bash',
    patterns: ['touch x'],
    metadata: { command: 'touch x' },
    always: ['touch *'],
    tool: { messageID: 'msg_a', callID: 'call_1' },
    ...more,
  })
}

/** What it says that it was asked comes on a way of its own. */
function isAsked(child: Child, what: string, lines: string[]): Promise<boolean> {
  return until(() => {
    expect(child.lines.filter((line) => line.includes(what))).toEqual(lines)
    return true
  })
}

const thinking = { type: 'working', detail: 'thinking' }
const bash = { type: 'tool', tool: 'execute_bash', input: { command: 'touch x', workdir: '/w' } }

/** It asks leave for a command. */
async function asking(): Promise<Play & { child: Child; question: () => Promise<AgentQuestion> }> {
  const play = await begin()
  prompt(play, 'do it')
  toolPart(play, 'bash', { command: 'touch x', workdir: '/w' })
  asked(play)
  await until(() => play.told.some(({ type }) => type === 'asks'))
  return play
}

test('what is started listens on the loopback alone, with a password that no other process can read', async () => {
  const { agent } = await prepare({ conversation: 'ses_9', prompt: '--help me', args: ['--agent', 'plan'] })
  const [first, ...words] = agent.argv
  expect(first).toBe(program)
  expect(words).toEqual([
    ...['--port', expect.stringMatching(/^\d+$/), '--hostname', '127.0.0.1', '--agent', 'plan'],
    ...['--session', 'ses_9', '--prompt=--help me'],
  ])
  expect(agent.env.OPENCODE_SERVER_PASSWORD).toMatch(/^[\w-]{32}$/)
  expect(agent.argv.join(' ')).not.toContain(agent.env.OPENCODE_SERVER_PASSWORD)
})

test.each(['--port', '--port=1', '--hostname', '--mdns', '--cors=x'])(
  '%s is not taken from the user',
  async (word) => {
    expect(await rejectionOf(prepare({ args: [word] }))).toMatchObject({
      message: expect.stringContaining('listens'),
    })
  },
)

test('it is ready when its server answers, however late; a prompt is answered', async () => {
  const play = await begin()
  prompt(play, 'hello')
  assistant(play, 'An early word.')
  assistant(play, 'Hello.')
  status(play, { type: 'idle' })
  await play.hears({ type: 'prompt', text: 'hello' }, thinking, { type: 'answer', text: 'Hello.' })
  // It says so twice, and tells of old messages again.
  status(play, { type: 'idle' })
  prompt(play, 'more')
  await play.hears({ type: 'prompt', text: 'more' }, thinking)
})

test('what the user did not say is no prompt, a summary no answer, and its first name no title', async () => {
  const play = await begin()
  play.event('message.updated', {
    info: { id: 'msg_u', role: 'user', sessionID: 'ses_1', time: { created: Date.now() } },
  })
  const part = { type: 'text', messageID: 'msg_u', sessionID: 'ses_1' }
  play.event('message.part.updated', { part: { ...part, id: 'p1', text: 'a file', synthetic: true } })
  status(play, { type: 'busy' })
  assistant(play, 'The summary.', { summary: true })
  status(play, { type: 'idle' })
  play.event('session.updated', { info: { id: 'ses_1', title: 'New session - 2026' } })
  play.event('session.updated', { info: { id: 'ses_1', title: 'Greetings' } })
  play.event('session.updated', { info: { id: 'ses_1', title: 'Greetings' } })
  play.event('session.deleted', { info: { id: 'ses_1' } })
  await play.hears(thinking, { type: 'rests' }, { type: 'title', text: 'Greetings' }, { type: 'ready' })
})

test('tools are told in our words', async () => {
  const play = await begin()
  prompt(play, 'do it')
  await play.hears({ type: 'prompt', text: 'do it' }, thinking)
  const calls = [
    ['bash', { command: 'ls' }, 'execute_bash', { command: 'ls' }],
    ['read', { filePath: '/f' }, 'fs_read', { file_path: '/f' }],
    [
      ...['edit', { filePath: '/f', oldString: 'a', newString: 'b' }],
      ...['fs_write', { file_path: '/f', old_string: 'a', new_string: 'b' }],
    ],
    ['webfetch', { url: 'x' }, '@opencode/webfetch', { url: 'x' }],
    ['files_read_file', {}, '@files/read_file', {}],
    ['my_files_read', {}, '@my.files/read', {}],
    ['constructor', {}, '@opencode/constructor', {}],
  ] as const
  for (const [at, [tool, input]] of calls.entries()) {
    toolPart(play, tool as string, {}, { callID: `c${at}`, state: { status: 'pending', input: {} } })
    toolPart(play, tool as string, input, { callID: `c${at}` })
    toolPart(play, tool as string, input, { callID: `c${at}` })
  }
  await play.hears(...calls.map(([, , tool, input]) => ({ type: 'tool', tool, input })))
})

test('a question is answered from afar', async () => {
  const play = await asking()
  await play.answers('POST /permission/per_1/reply', 200, true)
  const question = await play.question()
  expect(question).toMatchObject({
    tool: 'execute_bash',
    input: bash.input,
    trusts: 'touch *, until it ends',
  })
  expect(await question.answer({ type: 'approve' })).toBe(true)
  expect(await question.answer({ type: 'trust' })).toBe(true)
  expect(await question.answer({ type: 'decline', text: 'use mkdir' })).toBe(true)
  expect(await question.answer({ type: 'decline', text: ' ' })).toBe(true)
  await isAsked(play.child, '/reply', [
    'POST /permission/per_1/reply {"reply":"once"}',
    'POST /permission/per_1/reply {"reply":"always"}',
    'POST /permission/per_1/reply {"reply":"reject","message":"use mkdir"}',
    'POST /permission/per_1/reply {"reply":"reject"}',
  ])
  play.event('permission.replied', { sessionID: 'ses_1', requestID: 'per_1', reply: 'once' })
  status(play, { type: 'busy' })
  await play.hears(
    ...[{ type: 'prompt', text: 'do it' }, thinking, bash, { type: 'asks', question }],
    ...[{ type: 'settled', question: 'per_1' }, thinking],
  )
})

test('who answers too late is told so, and a failure is none of these', async () => {
  const play = await asking()
  const question = await play.question()
  play.event('permission.replied', { sessionID: 'ses_1', requestID: 'per_1', reply: 'once' })
  await play.answers('POST /permission/per_1/reply', 404, { _tag: 'PermissionNotFoundError' })
  expect(await question.answer({ type: 'approve' })).toBe(false)
  await play.answers('POST /permission/per_1/reply', 500)
  expect(await rejectionOf(question.answer({ type: 'approve' }))).toMatchObject({
    message: expect.stringContaining('500'),
  })
})

test('a question that comes before its call is asked with all of the call, and nothing is told over it', async () => {
  const play = await begin()
  prompt(play, 'do it')
  asked(play)
  toolPart(play, 'bash', { command: 'touch x', workdir: '/w' })
  const question = await play.question()
  toolPart(play, 'read', {}, { callID: 'call_2' })
  status(play, { type: 'busy' })
  play.event('session.updated', { info: { id: 'ses_1', title: 'Last' } })
  await play.hears(...[{ type: 'prompt', text: 'do it' }, thinking, bash, { type: 'asks', question }], {
    type: 'title',
    text: 'Last',
  })
  expect(question.input).toEqual(bash.input)
})

test('a question whose call never comes is asked with what it says itself; one that is answered before, never', async () => {
  const play = await begin()
  prompt(play, 'do it')
  asked(play, { id: 'per_0' })
  play.event('permission.replied', { sessionID: 'ses_1', requestID: 'per_0', reply: 'once' })
  asked(play, {
    permission: 'external_directory',
    patterns: ['/etc/*'],
    metadata: { filepath: '/etc' },
    always: [],
  })
  const question = await play.question()
  await play.hears({ type: 'prompt', text: 'do it' }, thinking, { type: 'asks', question })
  expect(question).toMatchObject({
    ...{ id: 'per_1', tool: '@opencode/external_directory', trusts: undefined },
    input: { patterns: ['/etc/*'], filepath: '/etc' },
  })
})

test('a no without words ends its turn there, one with words does not', async () => {
  const play = await asking()
  const question = await play.question()
  play.event('permission.replied', { sessionID: 'ses_1', requestID: 'per_1', reply: 'reject' })
  status(play, { type: 'idle' })
  const start = [{ type: 'prompt', text: 'do it' }, thinking, bash, { type: 'asks', question }]
  await play.hears(...start, { type: 'settled', question: 'per_1' }, { type: 'interrupted' })
  prompt(play, 'again')
  asked(play, { tool: undefined })
  play.event('permission.replied', { sessionID: 'ses_1', requestID: 'per_1', reply: 'reject' })
  assistant(play, 'Then not.')
  status(play, { type: 'idle' })
  await play.hears(
    ...[{ type: 'prompt', text: 'again' }, thinking, { type: 'asks', question: expect.anything() }],
    ...[
      { type: 'settled', question: 'per_1' },
      { type: 'answer', text: 'Then not.' },
    ],
  )
})

test('an interrupt, at a question, between attempts, before the first word and between two tools', async () => {
  const play = await asking()
  const question = await play.question()
  play.event('session.error', {
    sessionID: 'ses_1',
    error: { name: 'MessageAbortedError', data: { message: 'Aborted' } },
  })
  status(play, { type: 'idle' })
  await play.hears(
    ...[{ type: 'prompt', text: 'do it' }, thinking, bash, { type: 'asks', question }],
    ...[{ type: 'settled', question: 'per_1' }, { type: 'interrupted' }],
  )
  prompt(play, 'again')
  status(play, { type: 'retry', attempt: 1, message: 'fake', next: 0 })
  status(play, { type: 'idle' })
  await play.hears(
    ...[{ type: 'prompt', text: 'again' }, thinking],
    ...[{ type: 'working', detail: expect.stringMatching(/^retries at .*: fake$/) }, { type: 'interrupted' }],
  )
  for (const more of [{}, { finish: 'tool-calls' }]) {
    prompt(play, 'once more')
    if ('finish' in more) assistant(play, 'First this.', more)
    status(play, { type: 'idle' })
    await play.hears({ type: 'prompt', text: 'once more' }, thinking, { type: 'interrupted' })
  }
})

test('a failure is told once, and with its words', async () => {
  const play = await begin()
  prompt(play, 'hello')
  const error = { name: 'APIError', data: { message: 'fake error 401', statusCode: 401, isRetryable: false } }
  play.event('session.error', { sessionID: 'ses_1', error })
  status(play, { type: 'idle' })
  play.event('session.error', { sessionID: 'ses_1', error })
  prompt(play, 'again')
  await play.hears(
    ...[{ type: 'prompt', text: 'hello' }, thinking, { type: 'failed', detail: 'fake error 401' }],
    ...[{ type: 'prompt', text: 'again' }, thinking],
  )
})

test('a question of its own waits in its window', async () => {
  const play = await begin()
  prompt(play, 'hello')
  play.event('question.asked', {
    id: 'que_1',
    sessionID: 'ses_1',
    questions: [{ question: 'Which?', options: [] }],
  })
  status(play, { type: 'busy' })
  play.event('question.replied', { sessionID: 'ses_1', requestID: 'que_1', answers: [['a']] })
  await play.hears(
    ...[
      { type: 'prompt', text: 'hello' },
      thinking,
      { type: 'asks-there', detail: 'asks: Which?' },
      thinking,
    ],
  )
})

test('what goes on in other conversations is not told; questions of its subagents are', async () => {
  const play = await begin()
  prompt(play, 'hello')
  created(play, 'ses_child', { parentID: 'ses_1' })
  created(play, 'ses_other_child', { parentID: 'ses_other' })
  for (const other of ['ses_child', 'ses_other_child', 'ses_other']) {
    status(play, { type: 'idle' }, other)
    play.event('session.error', { sessionID: other, error: { name: 'APIError', data: { message: 'x' } } })
  }
  play.event('session.error', { error: { name: 'UnknownError', data: { message: 'a toast' } } })
  asked(play, { sessionID: 'ses_other', id: 'per_other', tool: undefined })
  asked(play, { sessionID: 'ses_child', id: 'per_child', tool: undefined })
  await play.hears({ type: 'prompt', text: 'hello' }, thinking, {
    type: 'asks',
    question: expect.objectContaining({ id: 'per_child', input: { command: 'touch x' } }),
  })
})

test('it follows its window to another conversation', async () => {
  const play = await begin()
  prompt(play, 'hello')
  created(play, 'ses_2')
  status(play, { type: 'idle' })
  prompt(play, 'there', 'ses_3')
  await play.hears(
    ...[
      { type: 'prompt', text: 'hello' },
      thinking,
      { type: 'rests' },
      { type: 'conversation', id: 'ses_2' },
    ],
    ...[{ type: 'conversation', id: 'ses_3' }, { type: 'prompt', text: 'there' }, thinking],
  )
})

test('a prompt of ours goes to the conversation with its agent and its model, and to none while it works', async () => {
  const play = await prepare()
  expect(await play.agent.send?.('too early')).toBe(false)
  const child = play.start()
  await play.hears({ type: 'ready' })
  await play.answers('POST /session', 200, { id: 'ses_1' })
  const model = { id: 'm', providerID: 'p' }
  await play.answers('GET /session/ses_1', 200, { id: 'ses_1', agent: 'plan', model })
  await play.answers('POST /session/ses_1/prompt_async', 204)
  expect(await play.agent.send?.('hello')).toBe(true)
  await isAsked(child, 'POST', [
    'POST /session {}',
    'POST /tui/select-session {"sessionID":"ses_1"}',
    'POST /session/ses_1/prompt_async {"agent":"plan","model":{"providerID":"p","modelID":"m"},"parts":[{"type":"text","text":"hello"}]}',
  ])
  created(play, 'ses_1')
  prompt(play, 'hello')
  await play.hears({ type: 'conversation', id: 'ses_1' }, { type: 'prompt', text: 'hello' }, thinking)
  expect(await play.agent.send?.('and more')).toBe(false)
})

test('what was missed before it was found and while its events were away is told', async () => {
  const play = await asking()
  await play.question()
  play.told.splice(0)
  await play.answers('GET /session/status', 200, { ses_1: { type: 'busy' } })
  play.child.process.stdin?.write('drop\n')
  await play.hears({ type: 'settled', question: 'per_1' }, thinking)
  await play.answers('GET /session/status', 200, {})
  const message = (id: string, role: string, text: string, created: number) => ({
    info: { id, role, sessionID: 'ses_1', time: { created }, ...(role === 'user' ? {} : { finish: 'stop' }) },
    parts: [{ type: 'text', id: `prt_${id}`, sessionID: 'ses_1', messageID: id, text }],
  })
  const messages = [
    message('msg_old', 'user', 'long ago', 1),
    message('msg_new', 'assistant', 'Meanwhile.', Date.now()),
  ]
  await play.answers('GET /session/ses_1/message', 200, messages)
  play.child.process.stdin?.write('drop\n')
  await play.hears({ type: 'answer', text: 'Meanwhile.' })
  await play.answers('GET /session/status', 200, { ses_7: { type: 'busy' } })
  await play.answers('GET /session/ses_7', 200, { id: 'ses_7' })
  await play.answers('GET /permission', 200, [
    { id: 'per_7', sessionID: 'ses_1', permission: 'bash', patterns: [] },
  ])
  play.child.process.stdin?.write('drop\n')
  await play.hears({ type: 'asks', question: expect.objectContaining({ id: 'per_7' }) })
})

test('what has no end is cut', async () => {
  const play = await begin()
  prompt(play, 'x'.repeat(300_000))
  assistant(play, 'y'.repeat(300_000))
  status(play, { type: 'idle' })
  await until(() => play.told.length === 3)
  const [said, , answered] = play.told
  expect(said).toEqual({ type: 'prompt', text: `${'x'.repeat(199_998)} …` })
  expect(answered).toEqual({ type: 'answer', text: `${'y'.repeat(199_998)} …` })
})

test('nonsense is nothing', async () => {
  const play = await begin()
  for (const type of [
    'session.created',
    'session.updated',
    'message.updated',
    'message.part.updated',
    '__proto__',
  ])
    for (const properties of [
      {},
      { info: 1 },
      { part: { type: 'text', sessionID: 'ses_1' } },
      { info: { id: 7 } },
    ])
      play.event(type, properties)
  play.event('permission.asked', { id: 'p', sessionID: 'ses_1' })
  await play.hears({ type: 'asks', question: expect.objectContaining({ tool: '@opencode/unknown' }) })
  expect(play.wrong).toEqual([])
})

test('who does not know the password is not it: that is said, and nothing is told', async () => {
  const play = await prepare()
  play.start({ OPENCODE_SERVER_PASSWORD: 'another' })
  const [error] = await until(() => play.wrong.length > 0 && play.wrong)
  expect(error).toMatchObject({ message: expect.stringContaining('is not the opencode') })
  expect(play.told).toEqual([])
})

test('a server that went is waited for, and takes nothing meanwhile', async () => {
  const play = await begin()
  await play.child.kill()
  await until(async () => (await play.agent.send?.('hello')) === false)
  play.start()
  created(play, 'ses_1')
  await until(async () => {
    play.event('session.updated', { info: { id: 'ses_1', title: 'Back' } })
    return play.told.length > 0
  })
  expect(play.told.splice(0)).toEqual([{ type: 'title', text: 'Back' }])
  expect(play.wrong).toEqual([])
})
