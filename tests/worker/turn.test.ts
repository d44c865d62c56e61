import { afterEach, beforeEach, expect, test } from 'vitest'
import { bedrockProvider } from '../../src/provider/bedrock.ts'
import type { Usage } from '../../src/provider/provider.ts'
import { appendMessage } from '../../src/store/messages.ts'
import { createModelContext } from '../../src/worker/sight/model-context.ts'
import { runTurn } from '../../src/worker/turn.ts'
import { patience } from '../provider/harness.ts'
import { answer, metadata, start, stop, text, tool } from '../support/bedrock-script.ts'
import { type BedrockServer, startBedrockServer } from '../support/bedrock-server.ts'
import { openTestStore, type TestStore } from '../support/store.ts'
import { fakeKeys } from './harness.ts'

let server: BedrockServer
let home: TestStore
beforeEach(async () => {
  server = await startBedrockServer()
  home = await openTestStore()
  await home.add('one')
})
afterEach(async () => {
  home.dispose()
  await server.close()
})

const tools = [{ name: 'look', description: 'Looks', schema: { type: 'object' } }]

async function turn(prompt: string, counted: (usage: Usage) => void = () => {}) {
  const { store } = home
  await appendMessage(store, 'one', 'user', [{ type: 'text', text: prompt }])
  const env = { ...fakeKeys, HOME: home.directory, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url }
  const settings = {
    provider: 'bedrock' as const,
    id: undefined,
    region: undefined,
    patience,
  }
  const provider = bedrockProvider(settings, env, { isEc2: () => false })
  const { signal } = new AbortController()
  const seen = createModelContext({
    session: { id: 'one', cwd: home.directory },
    store,
    limits: async () => ({ window: undefined, autoCompact: true }),
    keptBack: async () => undefined,
  })
  const context = seen.forTurn({ provider, tools }, signal, { say: () => {}, wait: () => {} })
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
    },
    tools,
    runTool: async () => ({ content: 'seen', status: 'success' }),
    onText: () => {},
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
