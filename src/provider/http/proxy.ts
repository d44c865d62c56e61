import { BlockList, isIP } from 'node:net'
import { UserError } from '../../base/errors.ts'
import type { Environment } from '../provider.ts'

/**
 * The proxy that the environment names for an address, undefined for none: `https_proxy` or `http_proxy` by the
 * address's scheme, else `all_proxy`, in small or capital letters, unless `no_proxy` names the address. Without a scheme
 * it is an http:// one.
 * @throws UserError for a proxy that cannot be used: it is never passed by
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const names = [url.protocol === 'http:' ? 'http_proxy' : 'https_proxy', 'all_proxy']
  const name = names.flatMap((lower) => [lower, lower.toUpperCase()]).find((one) => env[one]?.trim())
  if (name === undefined || isExempt(url, env.no_proxy || env.NO_PROXY || '')) return undefined
  const proxy = proxyUrl(env[name] ?? '')
  if (proxy && /^https?:$/.test(proxy.protocol)) return proxy
  const what = proxy
    ? `is a ${proxy.protocol}// one, and only http:// and https:// ones can be used`
    : 'is not a URL'
  throw new UserError(`The proxy in ${name} ${what}`, {
    hint: `Name an HTTP proxy: export ${name}=http://HOST:PORT. To go without one: export NO_PROXY=${url.hostname}`,
  })
}

/** What a proxy variable says, `http://` where it has no scheme; undefined: it is no URL. */
export function proxyUrl(value: string): URL | undefined {
  const said = value.trim()
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(said) ? said : `http://${said.replace(/^\/\//, '')}`)
  return url && url.hostname !== '' ? url : undefined
}

/** The entries of NO_PROXY: `*`, a host and all below it, an address or a network, each with a port or without. */
function isExempt({ protocol, hostname, port }: URL, exempt: string): boolean {
  const host = bare(hostname)
  const at = port || (protocol === 'http:' ? '80' : '443')
  return exempt
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, named = entry, wanted] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? []
      if (wanted !== undefined && wanted !== at) return false
      const name = bare(named).replace(/^\*?\./, '')
      return host === name || (name !== '' && host.endsWith(`.${name}`)) || isWithin(host, name)
    })
}

/** Whether an address is one of a network such as `10.0.0.0/8`. */
function isWithin(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/')
  const family = isIP(address)
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (family === 4 ? 32 : 128)) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, Number(bits), kind)
  return list.check(host, kind)
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}
