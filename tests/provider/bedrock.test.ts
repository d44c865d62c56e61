import { expect, test } from 'vitest'
import { spawnBedrockServer } from '../support/bedrock-process.ts'
import { answer, event, reasoning, say, start, stop, text, tool } from '../support/bedrock-script.ts'
import { all, ask, bedrock, said, serve, user } from './harness.ts'

const signal = new AbortController().signal

test('an answer arrives in pieces and ends once, with its usage', async () => {
  const server = await serve()
  server.respondWith(say('Hel', 'lo'))
  expect(await ask(bedrock(server.url))).toEqual([
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'end', stopReason: 'end_turn', usage: { inputTokens: 3, outputTokens: 5 } },
  ])
})

test('the request carries model, messages, system and the limit on tokens', async () => {
  const server = await serve()
  const provider = bedrock(server.url, undefined, { id: 'arn:aws:bedrock:eu-west-1:1:inference-profile/x' })
  await all(provider.stream({ messages: [user('hi')], system: 'Be brief.', maxTokens: 77 }, signal))
  expect(server.requests[0]?.model).toBe('arn:aws:bedrock:eu-west-1:1:inference-profile/x')
  expect(server.requests[0]?.body).toEqual({
    messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    system: [{ text: 'Be brief.' }],
    inferenceConfig: { maxTokens: 77 },
  })
})

test('tool uses are joined from their pieces, several in one answer', async () => {
  const server = await serve()
  const both = [...tool('t1', 'read', ['{"pa', 'th":"a"}'], 1), ...tool('t2', 'list', [], 2)]
  server.respondWith(answer([text('Looking. '), ...both], 'tool_use'))
  expect(await ask(bedrock(server.url))).toEqual([
    { type: 'text', text: 'Looking. ' },
    { type: 'tool_use', id: 't1', name: 'read', input: { path: 'a' } },
    { type: 'tool_use', id: 't2', name: 'list', input: {} },
    { type: 'end', stopReason: 'tool_use', usage: { inputTokens: 3, outputTokens: 5 } },
  ])
})

test.each(['{"path": "a', '[1]', '"text"', 'null'])(
  'a tool input of %s is marked malformed',
  async (input) => {
    const server = await serve()
    server.respondWith(answer(tool('t1', 'read', [input]), 'tool_use'))
    const use = { type: 'tool_use', id: 't1', name: 'read', input: {}, malformed: input }
    expect(await ask(bedrock(server.url))).toContainEqual(use)
  },
)

test('a tool use that the token limit cut off is malformed, not lost', async () => {
  const server = await serve()
  server.respondWith([start(), ...tool('t1', 'read', ['{"pa']).slice(0, 2), stop('max_tokens')])
  const events = await ask(bedrock(server.url))
  expect(events).toContainEqual({ type: 'tool_use', id: 't1', name: 'read', input: {}, malformed: '{"pa' })
  expect(events.at(-1)).toEqual({ type: 'end', stopReason: 'max_tokens' })
})

test('thoughts are told apart from the answer, and events of unknown kinds are skipped', async () => {
  const server = await serve()
  server.respondWith(answer([reasoning('hmm'), event('somethingNew', { a: 1 }), text('yes')]))
  const events = await ask(bedrock(server.url))
  expect(events[0]).toEqual({ type: 'reasoning', text: 'hmm' })
  expect(said(events)).toBe('yes')
  expect(events.at(-1)?.type).toBe('end')
})

test('tools and their results reach the model in its own words', async () => {
  const server = await serve()
  const tools = [{ name: 'read', description: 'Reads a file', schema: { type: 'object', properties: {} } }]
  const messages = [
    user('look'),
    {
      role: 'assistant' as const,
      blocks: [{ type: 'tool_use' as const, id: 't', name: 'read', input: 'odd' }],
    },
    {
      role: 'user' as const,
      blocks: [{ type: 'tool_result' as const, id: 't', content: 'gone', status: 'error' as const }],
    },
  ]
  const events = await all(bedrock(server.url).stream({ messages, tools }, signal))
  expect(said(events)).toBe('The tool answered: gone')
  const body = server.requests[0]?.body
  expect(body?.messages?.[1]?.content).toEqual([{ toolUse: { toolUseId: 't', name: 'read', input: {} } }])
  expect(body?.messages?.[2]?.content).toEqual([
    { toolResult: { toolUseId: 't', status: 'error', content: [{ text: 'gone' }] } },
  ])
  expect(body?.toolConfig).toEqual({
    tools: [
      { toolSpec: { name: 'read', description: 'Reads a file', inputSchema: { json: tools[0]?.schema } } },
    ],
  })
})

test('a history with tools is valid although none are offered any more', async () => {
  const server = await serve()
  const messages = [
    user('look'),
    { role: 'assistant' as const, blocks: [{ type: 'tool_use' as const, id: 't', name: 'read', input: {} }] },
    {
      role: 'user' as const,
      blocks: [{ type: 'tool_result' as const, id: 't', content: 'ok', status: 'success' as const }],
    },
  ]
  await all(bedrock(server.url).stream({ messages }, signal))
  expect(server.requests[0]?.body.toolConfig).toMatchObject({ tools: [{ toolSpec: { name: 'read' } }] })
})

test('the server runs as a process of its own, and a held answer goes on when it is released', async () => {
  const server = await spawnBedrockServer()
  try {
    const pieces: string[] = []
    for await (const piece of bedrock(server.url).stream({ messages: [user('hold')] }, signal)) {
      if (piece.type === 'text') pieces.push(piece.text)
      if (pieces.length === 1) await server.release()
    }
    expect(pieces.join('')).toBe('holding and released')
  } finally {
    await server.close()
  }
})
