import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { markdownTokens, paced } from '../tests/support/markdown-tokens.ts'

export interface AgentServer {
  /** Without a path: `http://127.0.0.1:1234`. */
  url: string
  /** How many answers of Markdown were sent to their end. */
  answered(): number
  close(): void
}

/**
 * A local stand-in for what agents ask: Anthropic's Messages, OpenAI's Responses and Chat Completions. To a prompt that
 * ends with `markdown R S` it streams R tokens a second for S seconds, to all else it says hello.
 */
export async function startAgentServer(): Promise<AgentServer> {
  let answered = 0
  const server = createServer(async (request, response) => {
    const speech = speeches.find(({ path }) => path.test(request.url ?? ''))
    const body = await bodyOf(request)
    if (!speech || /count_tokens/.test(request.url ?? '')) return reply(response, request.url ?? '')
    const asked = /markdown (\d+) (\d+)(?!.*markdown \d)/s.exec(lastPrompt(body))
    const [, rate, seconds] = asked ?? []
    const { every, pieces } = rate
      ? paced(Number(rate), Number(seconds), markdownTokens)
      : { every: 0, pieces: [['hello']] }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (events: readonly unknown[]): void => {
      for (const event of events) response.write(speech.line(event))
    }
    const said = pieces.flat().join('')
    send(speech.begin)
    const begun = performance.now()
    for (const [at, piece] of pieces.entries()) {
      if (response.destroyed) return
      send(piece.map(speech.token))
      await sleep(Math.max(0, begun + (at + 1) * every - performance.now()))
    }
    send(speech.end(said))
    response.end(speech.last)
    if (rate) answered += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: () => answered,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** How an answer is spoken at an address. */
interface Speech {
  path: RegExp
  begin: readonly unknown[]
  token(text: string): unknown
  end(said: string): readonly unknown[]
  line(event: unknown): string
  last: string
}

const named = (event: unknown): string =>
  `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'fake-model',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 1 },
}

const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'in_progress',
  model: 'fake-model',
  output: [],
}
const item = {
  type: 'message',
  id: 'm_1',
  role: 'assistant',
  status: 'in_progress',
  content: [] as unknown[],
}

const chunk = (delta: unknown, finish: string | null = null) => ({
  id: 'chat_1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'fake-model',
  choices: [{ index: 0, delta, finish_reason: finish }],
})

const speeches: readonly Speech[] = [
  {
    path: /\/messages/,
    begin: [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ],
    token: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    end: () => [
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ],
    line: named,
    last: '',
  },
  {
    path: /\/responses/,
    begin: [
      { type: 'response.created', response },
      { type: 'response.output_item.added', output_index: 0, item },
      {
        type: 'response.content_part.added',
        item_id: 'm_1',
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: '' },
      },
    ],
    token: (delta) => ({
      type: 'response.output_text.delta',
      item_id: 'm_1',
      output_index: 0,
      content_index: 0,
      delta,
    }),
    end(text) {
      const done = { ...item, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] }
      const usage = {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 15,
      }
      return [
        { type: 'response.output_item.done', output_index: 0, item: done },
        { type: 'response.completed', response: { ...response, status: 'completed', output: [done], usage } },
      ]
    },
    line: named,
    last: '',
  },
  {
    path: /\/chat\/completions/,
    begin: [chunk({ role: 'assistant', content: '' })],
    token: (content) => chunk({ content }),
    end: () => [
      chunk({}, 'stop'),
      { ...chunk({}), choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
    ],
    line: (event) => `data: ${JSON.stringify(event)}\n\n`,
    last: 'data: [DONE]\n\n',
  },
]

/** What agents ask besides, at their start. */
function reply(response: ServerResponse, url: string): void {
  const models = { object: 'list', data: [{ id: 'fake-model', object: 'model' }], models: [] }
  const known = /count_tokens/.test(url) ? { input_tokens: 10 } : /\/models/.test(url) ? models : undefined
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(known ?? {}))
}

/** All text of the last message; where it stands differs. */
function lastPrompt(body: Record<string, unknown>): string {
  const list = Array.isArray(body.messages) ? body.messages : Array.isArray(body.input) ? body.input : []
  const last = list.findLast((one) => (one as { role?: string }).role === 'user')
  return JSON.stringify(last ?? body.input ?? '')
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const part of request) chunks.push(part)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return {}
  }
}
