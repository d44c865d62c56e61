import { expect, test } from 'vitest'
import { openaiProvider } from '../../src/provider/openai/openai.ts'
import { isTooLong } from '../../src/provider/too-long.ts'
import { exception, status } from '../support/bedrock-script.ts'
import { startOpenaiServer, status as statusOpenai } from '../support/openai-server.ts'
import { ask, bedrock, failureIn, now, serve, settings } from './harness.ts'

test.each([
  ['Bedrock', 400, 'Input is too long for requested model.'],
  [
    'Bedrock',
    400,
    'The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length.',
  ],
  [
    'Bedrock',
    400,
    'Malformed input request: expected maxLength: 300000, actual: 400000, please reformat your input and try again.',
  ],
  ['Bedrock', 400, 'messages.1: too many total text bytes: 25000000 > 9000000'],
  ['Anthropic', 400, 'prompt is too long: 210000 tokens > 200000 maximum'],
  [
    'Anthropic',
    400,
    'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length',
  ],
  ['Anthropic', 413, 'request_too_large Request exceeds the maximum size'],
  [
    'OpenAI',
    400,
    "context_length_exceeded This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
  ],
  [
    'OpenAI',
    400,
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
  ],
  ['OpenAI', 429, 'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.'],
  ['vLLM', 400, 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.'],
  [
    'vLLM',
    400,
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages, Please reduce the length of the messages.",
  ],
  [
    'llama.cpp',
    400,
    'exceed_context_size_error the request exceeds the available context size (4096 tokens), try increasing it',
  ],
  ['llama.cpp', 500, 'Context size has been exceeded.'],
  ['llama.cpp', 500, 'input is too large to process. increase the physical batch size'],
  ['Ollama', 400, 'prompt too long; exceeded max context length by 123 tokens'],
  ['Ollama', 500, 'the input length exceeds the context length'],
  [
    'LM Studio',
    400,
    'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
  ],
  [
    'LM Studio',
    400,
    'The number of tokens to keep from the initial prompt is greater than the context length.',
  ],
  ['Gemini', 400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
  [
    'Mistral',
    400,
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
  ],
  ['xAI', 400, "This model's maximum prompt length is 131072 but the request contains 200000 tokens."],
  [
    'TGI',
    422,
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens',
  ],
  ['a proxy', 413, 'Request Entity Too Large'],
  ['a proxy', 413, ''],
  ['Express', 500, 'PayloadTooLargeError: request entity too large'],
])('%s: %i "%s" is too long', (_server, code, words) => {
  expect(isTooLong(code, words)).toBe(true)
})

test.each([
  [400, 'The provided model identifier is invalid.'],
  [400, 'max_tokens: must be at least 1'],
  [400, 'messages: roles must alternate between "user" and "assistant"'],
  [401, 'The context length of your key is too long'],
  [429, 'Too many tokens, please wait before trying again.'],
  [429, 'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000'],
  [500, 'model requires more system memory (8.0 GiB) than is available (4.0 GiB)'],
  [404, "model 'context-window' not found"],
])('%i "%s" is not', (code, words) => {
  expect(isTooLong(code, words)).toBe(false)
})

test('both providers say so, of an answer with words and of a bare 413', async () => {
  const server = await serve()
  server.respondWith(
    [status(413, '', '<html><h1>413 Request Entity Too Large</h1></html>')],
    [status(413, 'SomeException', 'no')],
    [status(400, '', '{"error":{"code":"context_length_exceeded","message":"no"}}')],
    [exception('validationException', "This model's maximum context length is 8 tokens")],
    [status(429, 'ThrottlingException', 'Too many tokens, please wait before trying again.')],
  )
  const kinds = []
  for (let nth = 0; nth < 5; nth += 1) kinds.push(failureIn(await ask(bedrock(server.url))).kind)
  expect(kinds).toEqual([...Array(4).fill('overflow'), 'throttled'])
  const other = await startOpenaiServer()
  other.respondWith(
    statusOpenai(413, ''),
    statusOpenai(400, { error: { code: 'context_length_exceeded', message: 'no' } }),
    statusOpenai(400, { error: { type: 'exceed_context_size_error', message: 'no' } }),
  )
  const provider = openaiProvider(settings({ id: 'm' }), { OPENAI_BASE_URL: other.url }, { now })
  for (let nth = 0; nth < 3; nth += 1)
    expect(failureIn(await ask(provider))).toMatchObject({
      kind: 'overflow',
      hint: expect.stringContaining('/compact'),
    })
  await other.close()
})
