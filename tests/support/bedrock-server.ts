import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { play } from './bedrock-play.ts'
import { type ConverseBody, replyTo } from './bedrock-prompts.ts'
import type { Reply } from './bedrock-script.ts'

export type Request = IncomingMessage | Http2ServerRequest
export type Response = ServerResponse | Http2ServerResponse

export interface SeenRequest {
  model: string
  body: ConverseBody
  headers: Readonly<Record<string, unknown>>
  /** How the exchange ended for the server: the client left before the answer was complete, or not. */
  end: 'open' | 'complete' | 'left'
}

export interface BedrockServer {
  /** What AWS_ENDPOINT_URL_BEDROCK_RUNTIME takes. */
  url: string
  requests: SeenRequest[]
  /** The next requests get these answers, in order; after them the prompt decides again. */
  respondWith(...replies: Reply[]): void
  /** From now on answers are made so, and not as the prompt says. */
  respondTo(answer: (body: ConverseBody) => Reply): void
  /** Lets every prompt that said `hold` go on. */
  release(): void
  /** TCP connections that are open now. */
  connections(): number
  close(): Promise<void>
}

export interface ServerOptions {
  port?: number
  http1?: boolean
  /** With a certificate the server speaks TLS, and HTTP/2 or HTTP/1.1 as the client likes; only the latter with `http1`. */
  tls?: { key: string; cert: string }
}

/** A local stand-in for Bedrock's ConverseStream: HTTP/2 without TLS (prior knowledge), or HTTP/1.1, or TLS. */
export async function startBedrockServer(options: ServerOptions = {}): Promise<BedrockServer> {
  const requests: SeenRequest[] = []
  const queue: Reply[] = []
  let answerTo: ((body: ConverseBody) => Reply) | undefined
  const sockets = new Set<Socket>()
  let held = Promise.withResolvers<void>()

  const release = () => {
    held.resolve()
    held = Promise.withResolvers<void>()
  }
  const answer = async (request: Request, response: Response) => {
    if (request.url === '/control/release') {
      release()
      response.end('released\n')
      return
    }
    const seen = await readRequest(request)
    requests.push(seen)
    const reply = queue.shift() ?? answerTo?.(seen.body) ?? replyTo(seen.body, () => held.promise)
    const socket = [...sockets].find((one) => one.remotePort === request.socket.remotePort)
    await play(reply, response, seen, () => socket?.resetAndDestroy())
  }

  const server =
    options.tls && options.http1
      ? createHttpsServer(options.tls, answer)
      : options.tls
        ? createSecureServer({ ...options.tls, allowHTTP1: true }, answer)
        : options.http1
          ? createServer(answer)
          : createHttp2Server(answer)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    respondWith: (...replies) => void queue.push(...replies),
    respondTo: (answer) => {
      answerTo = answer
    },
    release,
    connections: () => sockets.size,
    close: async () => {
      release()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readRequest(request: Request): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const sent = Buffer.concat(chunks).toString()
  const model = /\/model\/([^/]+)\/converse-stream$/.exec(request.url ?? '')?.[1] ?? ''
  const body: ConverseBody = sent === '' ? {} : JSON.parse(sent)
  return { model: decodeURIComponent(model), body, headers: request.headers, end: 'open' }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, http1: { type: 'boolean' } } })
  const server = await startBedrockServer({ port: Number(values.port ?? 0), http1: values.http1 ?? false })
  process.stdout.write(`${server.url}\n`)
}
