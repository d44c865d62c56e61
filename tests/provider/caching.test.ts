import { expect, test } from 'vitest'
import type { Message } from '../../src/domain/message.ts'
import type { ModelRequest } from '../../src/provider/provider.ts'
import { metadata, say, start, status, stop, text } from '../support/bedrock-script.ts'
import { all, bedrock, said, serve, user } from './harness.ts'

const signal = new AbortController().signal
const point = { cachePoint: { type: 'default' } }
const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'
const nova = 'us.amazon.nova-pro-v1:0'
const tools = [{ name: 'read', description: 'Reads', schema: { type: 'object' } }]
const answer = (words: string): Message => ({ role: 'assistant', blocks: [{ type: 'text', text: words }] })
const talk: ModelRequest = {
  messages: [user('one'), answer('1'), user('two'), answer('2'), user('three')],
  system: 'Be brief.',
  tools,
  cache: true,
}

async function sentTo(id: string, request: ModelRequest) {
  const server = await serve()
  await all(bedrock(server.url, undefined, { id }).stream(request, signal))
  const body = server.requests[0]?.body as unknown as {
    messages: { content: unknown[] }[]
    system: unknown[]
    toolConfig: { tools: unknown[] }
  }
  const has = (list: unknown[]) => JSON.stringify(list.at(-1)) === JSON.stringify(point)
  return {
    tools: has(body.toolConfig.tools),
    system: has(body.system),
    messages: body.messages.map(({ content }) => has(content)),
    count: JSON.stringify(body).split('cachePoint').length - 1,
  }
}

test('behind tools, system and the last two messages of the user, so that the next request finds this one', async () => {
  expect(await sentTo(claude, talk)).toEqual({
    tools: true,
    system: true,
    messages: [false, false, true, false, true],
    count: 4,
  })
})

test.each([
  ['anthropic.claude-3-7-sonnet-20250219-v1:0', true],
  ['eu.anthropic.claude-opus-4-1-20250805-v1:0', true],
  ['anthropic.claude-3-5-haiku-20241022-v1:0', true],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0', true],
  ['anthropic.claude-3-haiku-20240307-v1:0', false],
  ['anthropic.claude-3-5-sonnet-20240620-v1:0', false],
  ['meta.llama3-1-70b-instruct-v1:0', false],
  ['arn:aws:bedrock:us-east-1:1:application-inference-profile/x', false],
])('%s takes cache points: %s', async (id, takes) => {
  expect((await sentTo(id, talk)).count).toBe(takes ? 4 : 0)
})

test('Nova takes none behind tools', async () => {
  expect(await sentTo(nova, talk)).toMatchObject({ tools: false, system: true, count: 3 })
})

test('a request that no other will follow has none', async () => {
  expect((await sentTo(claude, { ...talk, cache: false })).count).toBe(0)
})

test('a service that refuses them gets the request without, and is not asked again', async () => {
  const server = await serve()
  const refusal = status(400, 'ValidationException', 'This model does not support prompt caching.')
  server.respondWith([refusal])
  const provider = bedrock(server.url, undefined, { id: claude })
  expect(said(await all(provider.stream(talk, signal)))).toBe('You said: three')
  await all(provider.stream(talk, signal))
  const points = server.requests.map(({ body }) => JSON.stringify(body).split('cachePoint').length - 1)
  expect(points).toEqual([4, 0, 0])
})

test('another refusal is said, not tried again', async () => {
  const server = await serve()
  server.respondWith([status(400, 'ValidationException', 'The model returned: bad request')])
  const events = await all(bedrock(server.url, undefined, { id: claude }).stream(talk, signal))
  expect(events.at(-1)).toMatchObject({ type: 'failure', kind: 'invalid' })
  expect(server.requests).toHaveLength(1)
})

test('usage counts all that was read, and says what of it the cache had', async () => {
  const server = await serve()
  server.respondWith([start(), text('x'), stop(), metadata(10, 5, { read: 2000, write: 300 })], say('y'))
  const provider = bedrock(server.url, undefined, { id: claude })
  const usage = { inputTokens: 2310, outputTokens: 5, cacheReadTokens: 2000, cacheWriteTokens: 300 }
  expect((await all(provider.stream(talk, signal))).at(-1)).toMatchObject({ type: 'end', usage })
})
