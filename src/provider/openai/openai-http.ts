import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { agentsFor } from '../http/http-agents.ts'
import { proxyFor } from '../http/proxy.ts'
import { connectMs, Unreachable } from '../http/unreachable.ts'
import type { Environment } from '../provider.ts'
import type { Endpoint } from './openai-endpoint.ts'

/**
 * One request to an endpoint, on a connection of its own, through the environment's proxy unless it stays on this
 * machine. Resolves with the response's head, whatever its status. It is node:http and not fetch: fetch gives up by
 * itself after 5 minutes without a byte, and knows no proxy on Node 22. The signal ends request and response.
 * @throws UserError for a proxy that cannot be used, Unreachable, and what the socket throws
 */
export function sendTo(
  endpoint: Endpoint,
  path: string,
  env: Environment,
  signal: AbortSignal,
  body?: unknown,
): Promise<IncomingMessage> {
  const url = new URL(endpoint.base + path)
  const secure = url.protocol === 'https:'
  const json = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      method: json ? 'POST' : 'GET',
      agent: agentFor(endpoint, url, env),
      signal,
      headers: {
        accept: json ? 'text/event-stream, application/json' : 'application/json',
        ...(json ? { 'content-type': 'application/json', 'content-length': json.length } : {}),
        ...(endpoint.key ? { authorization: `Bearer ${endpoint.key}` } : {}),
      },
    })
    request.once('response', resolve)
    request.on('error', reject)
    request.once('socket', (socket) => {
      if (!socket.connecting) return
      const late = () => request.destroy(new Unreachable(`no connection to ${url.hostname}`))
      const timer = setTimeout(late, connectMs)
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
    })
    request.end(json)
  })
}

/** The whole body as text, at most `limit` bytes of it. */
export async function bodyOf(response: IncomingMessage, limit = 1_000_000): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= limit) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function agentFor({ loopback }: Endpoint, url: URL, env: Environment): http.Agent {
  const { httpAgent, httpsAgent } = agentsFor(loopback ? undefined : proxyFor(url, env))
  return url.protocol === 'https:' ? httpsAgent : httpAgent
}
