import { afterEach, beforeEach, expect, test } from 'vitest'
import { bedrockProvider } from '../../src/provider/bedrock/bedrock.ts'
import type { Usage } from '../../src/provider/provider.ts'
import { appendMessage, readMessages } from '../../src/store/messages.ts'
import { createModelContext } from '../../src/worker/context/model-context.ts'
import { runTurn, type TurnContext, type TurnDeps } from '../../src/worker/turn/turn.ts'
import { timeouts } from '../provider/harness.ts'
import { answer, metadata, type Reply, start, stop, text, tool } from '../support/bedrock-script.ts'
import { type BedrockServer, startBedrockServer } from '../support/bedrock-server.ts'
import { openTestStore, type TestStore } from '../support/store.ts'
import { fakeKeys } from './harness.ts'

let server: BedrockServer
let home: TestStore
beforeEach(async () => {
  server = await startBedrockServer()
  home = await openTestStore()
  await home.add('one')
  told = []
  runs = async () => ({ content: 'seen', status: 'success' })
})
afterEach(async () => {
  home.dispose()
  await server.close()
})

let told: string[]
let runs: TurnDeps['runTool']
const tools = [{ name: 'look', description: 'Looks', schema: { type: 'object' } }]

async function turn(
  prompt: string,
  counted: (usage: Usage) => void = () => {},
  changes: Partial<TurnContext> = {},
) {
  const { store } = home
  await appendMessage(store, 'one', 'user', [{ type: 'text', text: prompt }])
  const env = { ...fakeKeys, HOME: home.directory, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url }
  const settings = {
    provider: 'bedrock' as const,
    id: undefined,
    region: undefined,
    timeouts,
  }
  const provider = bedrockProvider(settings, env, { machine: { isEc2: () => false }, now: Date.now })
  const { signal } = new AbortController()
  const seen = createModelContext({
    session: { id: 'one', cwd: home.directory },
    store,
    limits: async () => ({ window: undefined, autoCompact: true }),
    keptBack: async () => undefined,
  })
  const context = seen.forTurn({ provider, tools }, signal, {
    say: () => {},
    wait: () => {},
    onPause: () => {},
  })
  return runTurn({
    store,
    session: 'one',
    provider,
    context: {
      ...context,
      counted(usage) {
        counted(usage)
        context.counted(usage)
      },
      ...changes,
    },
    tools,
    runTool: runs,
    onText: () => {},
    tell: async (line) => void told.push(line),
    onPause: () => {},
    signal,
  })
}

test('the usage of a turn is that of all its rounds, and the window is measured by each of them', async () => {
  const look = answer(tool('t1', 'look', ['{}']), 'tool_use').slice(0, -1)
  server.respondWith(
    [...look, metadata(100, 10, { read: 0, write: 90 })],
    [start(), text('done'), stop(), metadata(20, 7, { read: 190, write: 30 })],
  )
  const rounds: number[] = []
  expect(await turn('look around', ({ inputTokens }) => rounds.push(inputTokens))).toEqual({
    outcome: 'done',
    stopReason: 'end_turn',
    usage: { inputTokens: 430, outputTokens: 17, cacheReadTokens: 190, cacheWriteTokens: 120 },
  })
  expect(rounds).toEqual([190, 240])
})

test('a turn keeps its beginning word for word, so that the service finds it in its cache', async () => {
  server.respondWith(answer(tool('t1', 'look', ['{}']), 'tool_use'))
  await turn('look around')
  await turn('say more')
  const bodies = server.requests.map(({ body }) => body)
  const points = bodies.map((body) => JSON.stringify(body).split('cachePoint').length - 1)
  expect(points).toEqual([3, 4, 4])
  const beginning = (body: (typeof bodies)[number]) => {
    const messages = (body.messages ?? []).map(({ role, content }) => ({
      role,
      content: content.filter((block) => !('cachePoint' in block)),
    }))
    return { system: body.system, toolConfig: body.toolConfig, messages }
  }
  const [first, second, third] = bodies.map(beginning)
  expect(second).toMatchObject({ ...first, messages: [...(first?.messages ?? []), {}, {}] })
  expect(third).toMatchObject({ ...second, messages: [...(second?.messages ?? []), {}, {}] })
})

/** An answer whose output limit falls into a tool's input, which came so far. */
const cutAt = (...pieces: string[]): Reply => [
  start(),
  text('I look. '),
  ...tool('t', 'look', pieces).slice(0, -1),
  stop('max_tokens'),
  metadata(),
]
const results = () =>
  readMessages(home.store, 'one').flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'tool_result' ? [block.content] : [])),
  )

test.each([
  ['in the middle of its input', ['{"path":"a', '.ts","te']],
  ['before its input began', []],
])(
  'a tool call that the output limit cut %s is not run, both are told why, and the second in a row ends the turn',
  async (_where, pieces) => {
    server.respondWith(...Array.from({ length: 60 }, () => cutAt(...pieces)))
    expect(await turn('look around')).toMatchObject({
      outcome: 'failed',
      kind: 'cut',
      message: expect.stringContaining('output limit 2 times in a row'),
      hint: expect.stringContaining('smaller parts'),
    })
    expect(server.requests).toHaveLength(2)
    expect(told).toEqual(
      Array(2).fill('(the answer reached its output limit, which cut look: it was not run)'),
    )
    expect(results()).toEqual(Array(2).fill(expect.stringContaining('output limit (max_tokens)')))
    expect(JSON.stringify(server.requests[1]?.body)).toContain('output limit (max_tokens)')
  },
)

test('a cut that was followed by something that ran is not the first of two in a row', async () => {
  const ran = answer(tool('r', 'look', ['{}']), 'tool_use')
  server.respondWith(cutAt('{"a'), ran, cutAt('{"a'), ran, answer([text('done')]))
  expect(await turn('look around')).toMatchObject({ outcome: 'done', stopReason: 'end_turn' })
  expect(server.requests).toHaveLength(5)
})

test('a call that was whole when the limit came is run', async () => {
  server.respondWith(answer(tool('r', 'look', ['{"path":"a"}']), 'max_tokens'), answer([text('done')]))
  expect(await turn('look around')).toMatchObject({ outcome: 'done' })
  expect([results(), told]).toEqual([['seen'], []])
})

test('a model that sends nothing but input that cannot be read is stopped after five requests', async () => {
  server.respondWith(...Array.from({ length: 60 }, () => answer(tool('t', 'look', ['{"a']), 'tool_use')))
  runs = async () => ({ content: 'not JSON', status: 'error' })
  expect(await turn('look around')).toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining('5 times in a row'),
  })
  expect(server.requests).toHaveLength(5)
})

test("tools that run and fail, the same way each time, are the model's to judge", async () => {
  const again = Array.from({ length: 12 }, () => answer(tool('t', 'look', ['{"a":1}']), 'tool_use'))
  server.respondWith(...again, answer([text('it is up')]))
  runs = async () => ({ content: 'not yet', status: 'error' })
  expect(await turn('wait for it')).toMatchObject({ outcome: 'done' })
  expect(server.requests).toHaveLength(13)
})

test('an answer that the limit cuts in its text ends the turn with the part', async () => {
  server.respondWith(answer([text('one two')], 'max_tokens'))
  expect(await turn('count')).toMatchObject({ outcome: 'done', stopReason: 'max_tokens' })
  expect(readMessages(home.store, 'one').at(-1)).toMatchObject({ partial: false, role: 'assistant' })
})

test('an answer that the end of the window cuts is asked for once more, with less before it', async () => {
  server.respondWith(answer([text('so far')], 'model_context_window_exceeded'), answer([text('all')]))
  expect(await turn('count', undefined, { tooLong: async () => true })).toMatchObject({ outcome: 'done' })
  expect(readMessages(home.store, 'one').map(({ blocks, partial }) => [blocks[0], partial])).toMatchObject([
    [{ text: 'count' }, false],
    [{ text: 'so far' }, true],
    [{ text: 'all' }, false],
  ])
  server.respondWith(...Array.from({ length: 3 }, () => answer([], 'model_context_window_exceeded')))
  const before = server.requests.length
  expect(await turn('more', undefined, { tooLong: async () => true })).toMatchObject({
    outcome: 'failed',
    kind: 'overflow',
    hint: expect.stringContaining('/compact'),
  })
  expect(server.requests.length - before).toBe(2)
})
