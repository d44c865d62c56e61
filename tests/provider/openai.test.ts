import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { eventData } from '../../src/base/event-data.ts'
import type { Message } from '../../src/domain/message.ts'
import { openaiProvider } from '../../src/provider/openai/openai.ts'
import { endpointAt } from '../../src/provider/openai/openai-endpoint.ts'
import type { Environment, ModelSettings } from '../../src/provider/provider.ts'
import { checkModel, chooseProvider } from '../../src/provider/registry.ts'
import {
  chunk,
  data,
  done,
  finish,
  type OpenaiServerOptions,
  raw,
  reset,
  type Step,
  say,
  silence,
  startOpenaiServer,
  status,
  usage,
  wait,
} from '../support/openai-server.ts'
import {
  all,
  ask,
  failureIn,
  home,
  keys,
  notEc2,
  now,
  said,
  settings,
  timeouts,
  until,
  user,
} from './harness.ts'

async function serve(options: OpenaiServerOptions = {}) {
  const server = await startOpenaiServer(options)
  onTestFinished(() => server.close())
  return server
}

const openai = (url: string, changes: Partial<ModelSettings> = {}, env: Environment = {}) =>
  openaiProvider(settings({ provider: 'openai', ...changes }), { OPENAI_BASE_URL: url, ...env }, { now })

async function answered(steps: Step[], changes: Partial<ModelSettings> = {}, env: Environment = {}) {
  const server = await serve()
  server.respondWith(steps)
  return ask(openai(server.url, changes, env))
}

test('an answer streams, with its usage and stop reason, from the first model of the server', async () => {
  const server = await serve()
  const provider = openai(server.url.replace('/v1', '/'))
  const events = await ask(provider, 'hello there')
  expect(said(events)).toBe('You said: hello there')
  expect(events.filter(({ type }) => type === 'text').length).toBe(4)
  expect(events.at(-1)).toEqual({
    type: 'end',
    stopReason: 'end_turn',
    usage: { inputTokens: 7, outputTokens: 4 },
  })
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/models', '/v1/chat/completions'])
  expect(server.requests[1]?.body).toMatchObject({
    model: 'first-model',
    stream: true,
    stream_options: { include_usage: true },
  })
  await ask(provider)
  expect(server.requests.map(({ path }) => path).at(-2)).toBe('/v1/chat/completions')
  expect(provider.label).toMatch(/^openai first-model at 127\.0\.0\.1:\d+$/)
  await until(() => server.connections() === 0, 'no connection is left')
})

test('messages and tools in the words of chat/completions', async () => {
  const server = await serve()
  const messages: Message[] = [
    user('list'),
    {
      role: 'assistant',
      blocks: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 't1', name: 'ls', input: { a: 1 } },
      ],
    },
    {
      role: 'user',
      blocks: [
        { type: 'tool_result', id: 't1', content: 'nope', status: 'error' },
        { type: 'text', text: 'go on' },
      ],
    },
  ]
  const tools = [{ name: 'ls', description: 'Lists', schema: { type: 'object' } }]
  const provider = openai(server.url, { id: 'second-model' })
  await all(
    provider.stream({ messages, tools, system: 'Be kind.', maxTokens: 9 }, new AbortController().signal),
  )
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]?.body).toEqual({
    model: 'second-model',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 9,
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'list' },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'ls', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: 'Error: nope' },
      { role: 'user', content: 'go on' },
    ],
    tools: [
      { type: 'function', function: { name: 'ls', description: 'Lists', parameters: { type: 'object' } } },
    ],
  })
})

const call = (index: number | undefined, id: string | undefined, name: string | undefined, json: unknown) =>
  chunk({
    tool_calls: [{ ...(index === undefined ? {} : { index }), id, function: { name, arguments: json } }],
  })

test('tool calls are joined from their pieces', async () => {
  const events = await answered([
    say('Both.'),
    call(0, 'a', 'ls', ''),
    call(0, undefined, undefined, '{"p":'),
    call(1, 'b', 'cat', '{}'),
    call(0, undefined, undefined, '1}'),
    finish('tool_calls'),
    done,
  ])
  expect(events.slice(1)).toEqual([
    { type: 'tool_use', id: 'a', name: 'ls', input: { p: 1 } },
    { type: 'tool_use', id: 'b', name: 'cat', input: {} },
    { type: 'end', stopReason: 'tool_use' },
  ])
})

test('whole calls with one index, without an id, with an object, and malformed ones', async () => {
  const events = await answered([
    call(0, 'a', 'ls', '{"p":1}'),
    call(0, 'b', 'ls', '{"p":2}'),
    call(undefined, undefined, 'cat', { q: 3 }),
    call(5, 'c', 'cut', '{"q":'),
    finish('stop'),
    done,
  ])
  expect(events).toMatchObject([
    { id: 'a', input: { p: 1 } },
    { id: 'b', input: { p: 2 } },
    { id: expect.stringMatching(/^call_./), name: 'cat', input: { q: 3 } },
    { id: 'c', input: {}, malformed: '{"q":' },
    { type: 'end', stopReason: 'tool_use' },
  ])
})

test.each([
  ['length', 'max_tokens'],
  ['content_filter', 'content_filtered'],
  ['stop', 'end_turn'],
  ['something_new', 'something_new'],
])('finish_reason %s is %s', async (reason, expected) => {
  expect((await answered([say('a'), finish(reason), done])).at(-1)).toMatchObject({ stopReason: expected })
})

test('reasoning under either name, comments, \\r\\n, a whole answer at once and a missing end of line are taken', async () => {
  const events = await answered([
    raw(': ping\r\n\r\ndata: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\r\n\r\n'),
    chunk({ reasoning: 'aha' }),
    raw('event: x\nid: 1\ndata:{"choices":[{"delta":{"content":"é"},"finish_reason":"stop"}]}'),
  ])
  expect(events).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: 'aha' },
    { type: 'text', text: 'é' },
    { type: 'end', stopReason: 'end_turn' },
  ])
  const message = { choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] }
  expect(said(await answered(status(200, message)))).toBe('whole')
})

test('server-sent events are the same however the bytes are cut', async () => {
  const bytes = new TextEncoder().encode(
    'data: é1\r\n\r\n: c\n\ndata: a\r\ndata: b\r\n\ndata:日\r\rdata: [DONE]\n\n',
  )
  async function* cut(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
  }
  for (let size = 1; size <= bytes.length; size++) {
    const seen: string[] = []
    for await (const one of eventData(cut(size))) seen.push(...one)
    expect(seen).toEqual(['é1', 'a\nb', '日', '[DONE]'])
  }
})

test.each<[string, Step[], object]>([
  ['a reset in mid-answer', [say('a'), reset], { kind: 'cut' }],
  [
    'a clean end without a reason',
    [say('a')],
    { kind: 'cut', message: expect.stringContaining('broke off') },
  ],
  ['[DONE] without a reason', [say('a'), done], { kind: 'cut' }],
  [
    'nothing at all',
    [raw('\n')],
    { kind: 'cut', message: expect.stringContaining('before an answer began') },
  ],
  ['a reset before the answer', [reset], { kind: 'network' }],
  ['garbage', [raw('data: {"cho\n\n')], { kind: 'service', message: expect.stringContaining('not JSON') }],
  [
    'an error in the stream',
    [say('a'), data({ error: { message: 'out of memory' } })],
    { kind: 'service', message: expect.stringContaining('out of memory') },
  ],
  [
    'a web page',
    status(200, '<html>hi</html>', 'text/html'),
    { kind: 'invalid', hint: expect.stringContaining('It has first-model') },
  ],
  [
    '401',
    status(401, { error: { message: 'bad key' } }),
    { kind: 'credentials', hint: expect.stringContaining('OPENAI_API_KEY') },
  ],
  ['403', status(403, { error: 'no' }), { kind: 'access' }],
  [
    '404 of the model',
    status(404, { error: { message: "model 'x' not found" } }),
    {
      kind: 'invalid',
      hint: expect.stringContaining('first-model, second-model: q config set model.id first-model'),
    },
  ],
  [
    '400',
    status(400, { detail: 'bad thing' }),
    { kind: 'invalid', message: expect.stringContaining('bad thing') },
  ],
  [
    'too long',
    status(400, { error: { message: "This model's maximum context length is 8 tokens" } }),
    { kind: 'overflow' },
  ],
  ['500', status(500, 'oops', 'text/plain'), { kind: 'service', message: expect.stringContaining('oops') }],
  ['a redirect', status(302, ''), { kind: 'invalid', hint: expect.stringContaining('/v1') }],
])('%s is a failure that says so', async (_what, steps, expected) => {
  expect(failureIn(await answered(steps))).toMatchObject(expected)
})

test('a part that came is kept before the failure', async () => {
  expect(said(await answered([say('one '), say('two'), reset]))).toBe('one two')
})

test('nobody there: said at once, with the command', async () => {
  const free = await serve()
  await free.close().catch(() => {})
  const failure = failureIn(await ask(openai(free.url)))
  expect(failure).toMatchObject({
    kind: 'network',
    message: expect.stringContaining('Nothing listens on 127.0.0.1:'),
  })
  expect(failure.hint).toContain('ollama serve')
  const none = openaiProvider(settings({ provider: 'openai' }), {}, { now, local: [free.url] })
  expect(failureIn(await ask(none)).hint).toContain('ollama serve')
  expect(failureIn(await ask(openai('nonsense'))).message).toContain('OPENAI_BASE_URL')
})

test('silence ends with the patience, before and in mid-answer', async () => {
  const before = failureIn(await answered([silence], { timeouts: { ...timeouts, firstEventMs: 150 } }))
  expect(before).toMatchObject({ kind: 'timeout', message: expect.stringContaining('did not begin') })
  const amid = failureIn(
    await answered([say('a'), silence], { timeouts: { ...timeouts, betweenEventsMs: 150 } }),
  )
  expect(amid).toMatchObject({ kind: 'timeout', message: expect.stringContaining('broke off') })
})

test('an answer that is whole does not wait for its usage', async () => {
  expect((await answered([say('a'), finish(), silence])).at(-1)).toEqual({
    type: 'end',
    stopReason: 'end_turn',
  })
})

test.each([
  ['before the head', [wait(5000)]],
  ['before the first event', [silence]],
  ['in mid-answer', [say('a'), silence]],
])('an abort %s ends the turn at once and the request with it', async (_when, steps) => {
  const server = await serve()
  server.respondWith(steps, steps, steps)
  const stopper = new AbortController()
  const turn = ask(openai(server.url, { id: 'm' }), 'hello', stopper.signal)
  await until(() => server.requests.length > 0, 'the request arrived')
  await sleep(30)
  stopper.abort()
  expect(failureIn(await turn).kind).toBe('aborted')
  await until(() => server.connections() === 0, 'no connection is left')
})

test('leaving the loop stops the request', async () => {
  const server = await serve()
  server.respondWith([say('a'), say('b'), silence])
  for await (const event of openai(server.url, { id: 'm' }).stream(
    { messages: [user('x')] },
    new AbortController().signal,
  )) {
    if (event.type === 'text') break
  }
  await until(() => server.requests[0]?.end === 'left', 'the server saw the client leave')
})

test('what a server does not take is left out', async () => {
  const old = await serve()
  old.respondWith(
    status(400, { error: { message: 'registry.ollama.ai/library/x does not support tools' } }),
    status(422, { detail: 'stream_options: extra fields not permitted' }),
  )
  const tools = [{ name: 'ls', description: '', schema: {} }]
  const events = openai(old.url, { id: 'm' }).stream(
    { messages: [user('x')], tools },
    new AbortController().signal,
  )
  expect(said(await all(events))).toBe('You said: x')
  expect(Object.keys(old.requests.at(-1)?.body ?? {})).toEqual(['model', 'stream', 'messages'])
})

test.each([
  ['u:s3cret@h/v1', 'h/v1'],
  ['ftp://u:s3/cret@h/v1', 'ftp://h/v1'],
  ['ftp://h/v1?key=s3cret', 'ftp://h/v1'],
  ['localhost:11434', 'localhost:11434'],
])('of the address %s, which is none, the error shows %s', (address, shown) => {
  expect(() => endpointAt(address)).toThrow(`got "${shown}"`)
})

test('the key goes where OPENAI_BASE_URL points, and into no message', async () => {
  const OPENAI_API_KEY = 'sk-very-secret-1234'
  const server = await serve()
  server.respondWith(status(401, { error: { message: `Incorrect API key provided: ${OPENAI_API_KEY}` } }))
  const events = await ask(openai(server.url, {}, { OPENAI_API_KEY }))
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
    Array(2).fill(`Bearer ${OPENAI_API_KEY}`),
  )
  expect(JSON.stringify(events)).not.toContain('very-secret')

  const found = await serve()
  const provider = openaiProvider(
    settings({ provider: 'openai' }),
    { OPENAI_API_KEY },
    { now, local: [found.url] },
  )
  expect(said(await ask(provider))).toBe('You said: hello')
  expect(found.requests.some(({ headers }) => 'authorization' in headers)).toBe(false)
})

const docs = '/'
const auto = settings({ provider: 'auto' })

test('auto takes a local server that has a model, and neither a slow nor an empty nor a foreign one', async () => {
  const slow = await serve({ modelsReply: [{ type: 'wait', ms: 2000 }] })
  const empty = await serve({ models: [] })
  const foreign = await serve({ modelsReply: status(200, '<html>', 'text/html') })
  const good = await serve()
  const choose = (localEndpoints: string[], env: Environment = {}, changes: Partial<ModelSettings> = {}) =>
    chooseProvider(
      { ...auto, ...changes },
      { HOME: home(), ...env },
      { docs, now, machine: notEc2, localEndpoints },
    )
  const bad = ['http://127.0.0.1:1/v1', slow.url, empty.url, foreign.url]
  const { provider, notice } = await choose([...bad, good.url])
  expect([provider.name, notice]).toEqual(['openai', ''])
  expect(said(await ask(provider))).toBe('You said: hello')
  expect((await choose(bad)).provider.name).toBe('guide')
  expect((await choose([good.url], keys)).provider.name).toBe('bedrock')
  expect((await choose([good.url], {}, { id: 'us.anthropic.x' })).notice).toMatch(
    /has no us\.anthropic\.x: first-model/,
  )
})

test('auto takes what OPENAI_BASE_URL names even when it is not there, and says so', async () => {
  const good = await serve()
  const choose = (url: string) =>
    chooseProvider(
      auto,
      { HOME: home(), OPENAI_BASE_URL: url },
      { docs, now, machine: notEc2, localEndpoints: [] },
    )
  expect(await choose(good.url)).toMatchObject({ provider: { name: 'openai' }, notice: '' })
  const gone = await choose('http://127.0.0.1:1/v1')
  expect(gone.provider.name).toBe('openai')
  expect(gone.notice).toContain('ECONNREFUSED')
})

test('what a server calls its models reaches a terminal as text', async () => {
  const server = await serve({ models: ['a\u001b]52;c;aGk=\u0007\u202eb'] })
  const local = [server.url]
  const choose = (changes: Partial<ModelSettings>) =>
    chooseProvider(
      { ...auto, ...changes },
      { HOME: home() },
      { docs, now, machine: notEc2, localEndpoints: local },
    )
  const words = [
    (await choose({})).provider.label,
    (await choose({ id: 'x' })).notice,
    ...(await checkModel(settings({ provider: 'openai', baseUrl: server.url }), {}, { now })).map(
      ({ detail }) => detail,
    ),
    ...(await checkModel(settings({ provider: 'openai', baseUrl: server.url, id: 'x' }), {}, { now })).map(
      ({ hint }) => hint ?? '',
    ),
  ]
  expect(words.join('\n')).toContain('a ]52;c;aGk= b')
  for (const word of words) expect(word).not.toMatch(/[\u001b\u0007\u202e]/)
})

test('model.base_url names the server as OPENAI_BASE_URL does, which goes before it', async () => {
  const [configured, named] = [await serve(), await serve()]
  const there = settings({ provider: 'openai', baseUrl: configured.url })
  const key = { OPENAI_API_KEY: 'sk-very-secret-1234' }
  expect(said(await ask(openaiProvider(there, key, { now })))).toBe('You said: hello')
  expect(configured.requests.at(-1)?.headers.authorization).toBe('Bearer sk-very-secret-1234')
  expect(openaiProvider(there, {}, { now }).label).toContain(new URL(configured.url).host)
  expect((await checkModel(there, {}, { now }))[0]?.detail).toContain('(model.base_url)')

  const before = configured.requests.length
  await ask(openaiProvider(there, { OPENAI_BASE_URL: named.url }, { now }))
  expect([configured.requests.length, named.requests.length]).toEqual([before, 2])

  const gone = { ...there, baseUrl: 'http://192.0.2.1:1/v1' }
  expect((await checkModel(gone, {}, { now }))[0]?.hint).toContain('model.base_url')
  const chosen = await chooseProvider(
    { ...auto, baseUrl: 'http://127.0.0.1:1/v1' },
    { HOME: home() },
    { docs, now, machine: notEc2, localEndpoints: [] },
  )
  expect(chosen.provider.name).toBe('openai')
  expect(chosen.notice).toMatch(/^model\.base_url: .*ECONNREFUSED/)
})

test('of several local servers, the one that has the model answers', async () => {
  const one = await serve({ models: ['a'] })
  const two = await serve({ models: ['b'] })
  const provider = openaiProvider(
    settings({ provider: 'openai', id: 'b' }),
    {},
    { now, local: [one.url, two.url] },
  )
  await ask(provider)
  expect(two.requests.at(-1)?.body.model).toBe('b')
})

test('checkModel tells endpoint and model, and asks on demand', async () => {
  const server = await serve()
  const check = (changes: Partial<ModelSettings>, url = server.url, probe = false) =>
    checkModel(settings({ provider: 'openai', ...changes }), { OPENAI_BASE_URL: url }, { now, probe })
  expect(await check({}, server.url, true)).toMatchObject([
    { name: 'endpoint', ok: true },
    { name: 'model', ok: true, detail: 'first-model' },
    { name: 'answer', ok: true },
  ])
  expect(server.requests.at(-1)?.body.max_tokens).toBe(1)
  const env = { HOME: home(), OPENAI_BASE_URL: server.url }
  expect((await checkModel(auto, env, { machine: notEc2, now }))[0]).toMatchObject({
    name: 'endpoint',
    ok: true,
  })
  expect((await check({ id: 'nope' })).at(-1)).toMatchObject({
    ok: false,
    hint: 'q config set model.id first-model',
  })
  expect(await check({}, 'http://127.0.0.1:1')).toMatchObject([
    { name: 'endpoint', ok: false, hint: expect.stringContaining('Start it') },
  ])
})

test('a chunk with usage only, and chunks of other choices, add nothing', async () => {
  const other = data({ choices: [{ index: 1, delta: { content: 'other' } }] })
  const events = await answered([say('a'), other, data('text'), data({}), finish(), usage(1, 2), done])
  expect(said(events)).toBe('a')
})
