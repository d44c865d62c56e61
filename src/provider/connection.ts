import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { UserError } from '../domain/errors.ts'
import type { AwsSdk } from './aws-sdk.ts'
import type { Environment, Patience } from './provider.ts'

/** No TCP connection came about in time. Not retried: whoever waits wants to know. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** How long a TCP connection may take to come about, in ms. */
const connectMs = 1800

/**
 * The SDK's way to `endpoint`: HTTP/2 with a connection per request, or HTTP/1.1 through Node's own proxy support when
 * the environment names a proxy for the endpoint's scheme (NO_PROXY counts). Silence on a connection is for the
 * caller's timers: the SDK's own are kept out of their way. UserError: the proxy cannot be used.
 */
export function requestHandler(sdk: AwsSdk, env: Environment, endpoint: URL, patience: Patience) {
  if (hasProxy(endpoint.protocol, env)) return proxyHandler(sdk, env)
  return new sdk.NodeHttp2Handler({
    disableConcurrentStreams: true,
    requestTimeout: 0,
    sessionTimeout: Math.max(patience.firstEvent, patience.betweenEvents) + 60_000,
    nodeHttp2ConnectOptions: { createConnection: connect },
  })
}

/** A way for the services besides Bedrock (SSO, STS), or undefined when there is no proxy for https. */
export function httpsProxyHandler(sdk: AwsSdk, env: Environment) {
  return hasProxy('https:', env) ? proxyHandler(sdk, env) : undefined
}

function hasProxy(protocol: string, env: Environment): boolean {
  return Boolean(protocol === 'http:' ? env.http_proxy || env.HTTP_PROXY : env.https_proxy || env.HTTPS_PROXY)
}

function proxyHandler(sdk: AwsSdk, env: Environment) {
  if (!process.allowedNodeEnvironmentFlags.has('--use-env-proxy')) {
    const hint = 'Update Node, or: unset HTTPS_PROXY HTTP_PROXY https_proxy http_proxy'
    throw new UserError(`Node ${process.versions.node} has no proxy support (22.21 and 24.5 do)`, { hint })
  }
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = env
  const proxyEnv = { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY }
  try {
    const httpAgent = new http.Agent({ proxyEnv })
    const httpsAgent = new https.Agent({ proxyEnv })
    return new sdk.NodeHttpHandler({ httpAgent, httpsAgent, connectionTimeout: connectMs, requestTimeout: 0 })
  } catch (cause) {
    const hint = 'Check it: env | grep -i proxy'
    throw new UserError('The proxy in HTTPS_PROXY or HTTP_PROXY is not a URL', { hint, cause })
  }
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
