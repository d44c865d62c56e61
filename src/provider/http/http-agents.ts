import http from 'node:http'
import https from 'node:https'
import { UserError } from '../../base/errors.ts'

/** Node's own way to a server over HTTP/1.1, through a proxy where one is given. @throws UserError: Node is too old */
export function agentsFor(proxy: URL | undefined): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  if (!proxy) return { httpAgent: new http.Agent(), httpsAgent: new https.Agent() }
  if (!process.allowedNodeEnvironmentFlags.has('--use-env-proxy')) {
    const hint = 'Update Node, or: unset HTTPS_PROXY HTTP_PROXY ALL_PROXY https_proxy http_proxy all_proxy'
    throw new UserError(`Node ${process.versions.node} has no proxy support (22.21 and 24.5 do)`, { hint })
  }
  const proxyEnv = { http_proxy: proxy.href, https_proxy: proxy.href }
  return { httpAgent: new http.Agent({ proxyEnv }), httpsAgent: new https.Agent({ proxyEnv }) }
}
