import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markdownTokens, paced } from './markdown-tokens.ts'

/** What the server does next with a request, in order. Without a `status` it begins an event stream. */
export type Step =
  | { type: 'status'; code: number; body: string; contentType?: string; headers?: Record<string, string> }
  | { type: 'raw'; text: string | Uint8Array }
  | { type: 'wait'; ms: number }
  /** Never goes on; the client has to leave. */
  | { type: 'silence' }
  /** The connection is reset. */
  | { type: 'reset' }

export interface SeenChat {
  path: string
  headers: Readonly<Record<string, unknown>>
  body: Record<string, unknown>
  /** How the exchange ended for the server. */
  end: 'open' | 'complete' | 'left'
}

export interface OpenaiServer {
  /** What OPENAI_BASE_URL takes. */
  url: string
  requests: SeenChat[]
  /** The next chats get these answers, in order; after them the prompt decides. */
  respondWith(...replies: Step[][]): void
  connections(): number
  close(): Promise<void>
}

export interface OpenaiServerOptions {
  port?: number
  models?: readonly string[]
  /** What `/models` answers instead of the list. */
  modelsReply?: Step[]
}

export const raw = (text: string | Uint8Array): Step => ({ type: 'raw', text })
export const data = (value: unknown): Step => raw(`data: ${JSON.stringify(value)}\n\n`)
export const chunk = (delta: unknown, finish: string | null = null): Step =>
  data({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })
export const say = (content: string): Step => chunk({ content })
export const usage = (prompt: number, completion: number): Step =>
  data({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } })
export const done = raw('data: [DONE]\n\n')
export const finish = (reason = 'stop'): Step => chunk({}, reason)
export const wait = (ms: number): Step => ({ type: 'wait', ms })
export const silence: Step = { type: 'silence' }
export const reset: Step = { type: 'reset' }
export const status = (code: number, body: unknown, contentType = 'application/json'): Step[] => [
  { type: 'status', code, body: typeof body === 'string' ? body : JSON.stringify(body), contentType },
]

/** A local stand-in for Ollama and its like: `/v1/models` and `/v1/chat/completions` over HTTP/1.1, streamed. */
export async function startOpenaiServer(options: OpenaiServerOptions = {}): Promise<OpenaiServer> {
  const requests: SeenChat[] = []
  const queue: Step[][] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const seen: SeenChat = {
      path: request.url ?? '',
      headers: request.headers,
      body: await bodyOf(request),
      end: 'open',
    }
    requests.push(seen)
    response.once('close', () => {
      seen.end = response.writableFinished ? 'complete' : 'left'
    })
    await play(replyTo(seen, options, queue), response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    respondWith: (...replies) => void queue.push(...replies),
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function replyTo({ path, body }: SeenChat, options: OpenaiServerOptions, queue: Step[][]): Step[] {
  if (path === '/v1/models') {
    const list = (options.models ?? ['first-model', 'second-model']).map((id) => ({ id, object: 'model' }))
    return options.modelsReply ?? status(200, { object: 'list', data: list })
  }
  if (path !== '/v1/chat/completions') return status(404, { error: { message: `no ${path}` } })
  const messages = Array.isArray(body.messages) ? body.messages : []
  const prompt = String(messages.at(-1)?.content ?? '')
  const [, rate, seconds] = /^markdown (\d+) (\d+)$/.exec(prompt.trim()) ?? []
  if (rate && seconds) return markdown(Number(rate), Number(seconds))
  const words = `You said: ${prompt}`.split(/(?<= )/)
  return queue.shift() ?? [...words.map(say), finish(), usage(7, words.length), done]
}

function markdown(perSecond: number, seconds: number): Step[] {
  const { every, pieces } = paced(perSecond, seconds, markdownTokens)
  const said = pieces.flatMap((piece) => [...piece.map(say), wait(every)])
  return [...said, finish(), usage(7, perSecond * seconds), done]
}

async function play(steps: readonly Step[], response: ServerResponse): Promise<void> {
  for (const step of steps) {
    if (response.destroyed) return
    if (step.type === 'wait') await sleep(step.ms)
    else if (step.type === 'reset') return void response.socket?.resetAndDestroy()
    else if (step.type === 'silence') {
      response.flushHeaders()
      return
    } else if (step.type === 'status') {
      response.writeHead(step.code, {
        'content-type': step.contentType ?? 'application/json',
        ...step.headers,
      })
      response.write(step.body)
    } else {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(step.text)
      // Each step is a packet of its own, where no pause comes that makes it one.
      if (!steps.some(({ type }) => type === 'wait')) await sleep(1)
    }
  }
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const part of request) chunks.push(part)
  const sent = Buffer.concat(chunks).toString()
  return sent === '' ? {} : JSON.parse(sent)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' } } })
  const server = await startOpenaiServer({ port: Number(values.port ?? 0) })
  process.stdout.write(`${server.url}\n`)
}
