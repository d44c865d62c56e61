import { expect, onTestFinished, test } from 'vitest'
import { openaiProvider } from '../../src/provider/openai/openai.ts'
import {
  data,
  done,
  finish,
  type OpenaiServerOptions,
  say,
  startOpenaiServer,
  status,
} from '../support/openai-server.ts'
import { ask, now, settings } from './harness.ts'

const signal = new AbortController().signal

async function provider(options: OpenaiServerOptions = {}, id?: string) {
  const server = await startOpenaiServer(options)
  onTestFinished(() => server.close())
  return {
    server,
    provider: openaiProvider(settings({ provider: 'openai', id }), { OPENAI_BASE_URL: server.url }, { now }),
  }
}

test.each<[string, object, number | undefined]>([
  ['vLLM', { id: 'm', max_model_len: 16_384 }, 16_384],
  ['others', { id: 'm', context_length: 131_072 }, 131_072],
  ['llama.cpp', { id: 'm', meta: { n_ctx_train: 40_960 } }, 40_960],
  ['llama.cpp, with what it serves', { id: 'm', meta: { n_ctx: 8192, n_ctx_train: 40_960 } }, 8192],
  ['a server that does not say', { id: 'm' }, undefined],
  ['nonsense', { id: 'm', max_model_len: 'long', context_length: -1, meta: [] }, undefined],
])('the window as %s says it, asked once', async (_, model, window) => {
  const modelsReply = status(200, { data: [{ id: 'other', max_model_len: 1024 }, model] })
  const { server, provider: openai } = await provider({ modelsReply }, 'm')
  expect(await openai.window?.(signal)).toBe(window)
  expect(await openai.window?.(signal)).toBe(window)
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/models'])
  expect(openai.model).toBe('m')
})

test('a server that cannot be asked now is asked again', async () => {
  const modelsReply = status(503, 'loading')
  const { server, provider: openai } = await provider({ modelsReply }, 'm')
  expect(await openai.window?.(signal)).toBeUndefined()
  expect(await openai.window?.(signal)).toBeUndefined()
  expect(server.requests).toHaveLength(2)
})

test('usage says what came from the cache', async () => {
  const { server, provider: openai } = await provider()
  const counted = { prompt_tokens: 70, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 64 } }
  server.respondWith([say('x'), finish(), data({ choices: [], usage: counted }), done])
  expect((await ask(openai)).at(-1)).toMatchObject({
    usage: { inputTokens: 70, outputTokens: 4, cacheReadTokens: 64 },
  })
})
