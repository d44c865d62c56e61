import net from 'node:net'
import { Readable } from 'node:stream'
import tls from 'node:tls'
import { errorCode } from '../../../base/errors.ts'
import { agentsFor } from '../../http/http-agents.ts'
import { proxyFor } from '../../http/proxy.ts'
import { connectMs, Unreachable } from '../../http/unreachable.ts'
import type { Environment, Timeouts } from '../../provider.ts'
import { ForeignAnswer, isAwsError } from '../foreign-answer.ts'
import type { AwsSdk } from './aws-sdk.ts'

/** What the SDK sends its requests by. */
type Handler = Pick<
  InstanceType<AwsSdk['NodeHttpHandler']>,
  'handle' | 'destroy' | 'metadata' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>

/**
 * The SDK's way to `endpoint`: HTTP/2 with a connection per request, or HTTP/1.1 where the endpoint speaks nothing else
 * or the environment names a proxy for it. Silence on a connection is for the caller's timers: the SDK's own are kept out
 * of their way. What is not the service's own answer fails as `ForeignAnswer`. UserError: the proxy cannot be used.
 */
export function requestHandler(sdk: AwsSdk, env: Environment, endpoint: URL, timeouts: Timeouts): Handler {
  const proxy = proxyFor(endpoint, env)
  const handler = proxy ? overHttp1(sdk, proxy) : overEither(sdk, endpoint.origin, timeouts)
  return handledBy(handler, async (request, options) => {
    const { response } = await handler.handle(request, options)
    const type = String(response.headers['content-type'] ?? 'eventstream')
    if (response.statusCode === 200 && type.includes('eventstream')) return { response }
    const body = await textOf(response.body)
    if (response.statusCode < 300 || !isAwsError(response.headers, body))
      throw new ForeignAnswer(response.statusCode, response.headers, body)
    response.body = Readable.from([Buffer.from(body)])
    return { response }
  })
}

/** A way for the services besides Bedrock (SSO, STS), or undefined when there is no proxy for https. */
export function servicesHandler(sdk: AwsSdk, env: Environment): Handler | undefined {
  if (!(env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY)) return undefined
  const direct = overHttp1(sdk, undefined)
  return handledBy(direct, (request, options) => {
    const proxy = proxyFor(new URL(`${request.protocol}//${request.hostname}`), env)
    return (proxy ? overHttp1(sdk, proxy) : direct).handle(request, options)
  })
}

/** Which version of HTTP each endpoint turned out to speak: asked once in the life of the process. */
const spoken = new Map<string, 'HTTP/1.1' | 'HTTP/2'>()

/** HTTP/2, unless the endpoint turns out to speak only HTTP/1.1: then the same request goes there by that. */
function overEither(sdk: AwsSdk, origin: string, timeouts: Timeouts): Handler {
  const newer = new sdk.NodeHttp2Handler({
    disableConcurrentStreams: true,
    requestTimeout: 0,
    sessionTimeout: Math.max(timeouts.firstEventMs, timeouts.betweenEventsMs) + 60_000,
    nodeHttp2ConnectOptions: { createConnection: connect },
  })
  const older = overHttp1(sdk, undefined)
  return handledBy(older, async (request, options) => {
    const known = spoken.get(origin)
    if (known === 'HTTP/1.1') return older.handle(request, options)
    try {
      const answer = await newer.handle(request, options)
      spoken.set(origin, 'HTTP/2')
      return answer
    } catch (error) {
      // What could not be read as HTTP/2 was not carried out: it may be sent once more.
      if (known || options?.abortSignal?.aborted || !mayBeOlder(error)) throw error
      const answer = await older.handle(request, options).catch(() => {
        throw error
      })
      spoken.set(origin, 'HTTP/1.1')
      return answer
    }
  })
}

function overHttp1(sdk: AwsSdk, proxy: URL | undefined): Handler {
  return new sdk.NodeHttpHandler({ ...agentsFor(proxy), connectionTimeout: connectMs, requestTimeout: 0 })
}

function handledBy(handler: Handler, handle: Handler['handle']): Handler {
  return {
    handle,
    metadata: handler.metadata,
    destroy: () => handler.destroy(),
    updateHttpClientConfig: (key, value) => handler.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => handler.httpHandlerConfigs(),
  }
}

/** A connection that came about and ended without a word of HTTP/2. */
function mayBeOlder(error: unknown): boolean {
  const seen: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Unreachable) return false
    seen.push(`${errorCode(at) ?? ''} ${at.message}`)
  }
  const words = seen.join(' ')
  if (/ECONNREFUSED|ENOTFOUND|EAI_|UNREACH|TIMEDOUT|CERT|SELF_SIGNED/.test(words)) return false
  return /ERR_HTTP2|ECONNRESET|EPIPE|NO_APPLICATION_PROTOCOL|Protocol error/.test(words)
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size > 1_000_000) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function connect(authority: URL): net.Socket {
  const host = authority.hostname.replace(/^\[|\]$/g, '')
  const secure = authority.protocol === 'https:'
  const port = Number(authority.port || (secure ? 443 : 80))
  const name = net.isIP(host) ? {} : { servername: host }
  const socket = secure
    ? tls.connect({ host, port, ALPNProtocols: ['h2'], ...name })
    : net.connect({ host, port })
  const timer = setTimeout(() => socket.destroy(new Unreachable(`no connection to ${host}`)), connectMs)
  const settled = () => clearTimeout(timer)
  return socket.once('connect', settled).once('close', settled)
}
