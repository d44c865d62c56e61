import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, say, text } from '../support/bedrock-script.ts'
import { chunk, finish, say as sayOpenai, startOpenaiServer } from '../support/openai-server.ts'
import { type BedrockLab, openBedrockLab } from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

test.each([
  ['max_tokens', 'the answer was cut at the most tokens of one answer'],
  ['content_filtered', 'kept back the rest of the answer'],
  ['guardrail_intervened', 'kept back the rest of the answer'],
])(
  'a piped answer that ended by %s is the output, is said to be cut, and ends with 1',
  async (reason, words) => {
    lab.server.respondWith(answer([text('so far')], reason))
    const result = await lab.q(['chat', 'hello'])
    expect(result).toMatchObject({ code: 1, stdout: 'so far\n' })
    expect(result.stderr).toContain(words)
  },
)

test('one that the end of the window cut, with nothing to summarize, is a failure that says what to do', async () => {
  lab.server.respondWith(answer([text('so far')], 'model_context_window_exceeded'))
  const result = await lab.q(['chat', 'hello'])
  expect(result).toMatchObject({ code: 1, stdout: 'so far\n' })
  expect(result.stderr).toMatch(/window is full.*\/compact/s)
})

test('one that ended as it should, or in a way that is not known, ends with 0', async () => {
  lab.server.respondWith(say('all'), answer([text('all')], 'stop_sequence'), answer([text('all')], 'news'))
  expect(await lab.q(['chat', 'hello'])).toEqual({ code: 0, stdout: 'all\n', stderr: expect.any(String) })
  expect((await lab.q(['chat', 'hello'])).code).toBe(0)
  const unknown = await lab.q(['chat', 'hello'])
  expect(unknown).toMatchObject({ code: 0, stdout: 'all\n' })
  expect(unknown.stderr).toContain('ended: news')
})

test('the same of an OpenAI-compatible server, and of a tool call that is cut twice', async () => {
  const server = await startOpenaiServer()
  const env = { Q_MODEL_PROVIDER: 'openai', OPENAI_BASE_URL: server.url }
  const cut = [
    chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'fs_write', arguments: '{"path":"a' } }] }),
    finish('length'),
  ]
  server.respondWith(
    [sayOpenai('so far'), finish('length')],
    [sayOpenai('x'), finish('content_filter')],
    cut,
    cut,
  )
  const length = await lab.q(['chat', 'hello'], { env })
  expect(length).toMatchObject({ code: 1, stdout: 'so far\n' })
  expect(length.stderr).toContain('cut at the most tokens')
  expect((await lab.q(['chat', 'hello'], { env })).code).toBe(1)
  const tool = await lab.q(['chat', 'hello'], { env })
  expect(tool).toMatchObject({ code: 1, stdout: '' })
  expect(tool.stderr).toMatch(/output limit, which cut fs_write.*output limit 2 times in a row/s)
  expect(server.requests.filter(({ path }) => path.endsWith('completions'))).toHaveLength(4)
  await server.close()
})
