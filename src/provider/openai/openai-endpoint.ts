import { UserError } from '../../base/errors.ts'
import { withoutEnd } from '../../text/plain-text.ts'
import type { Environment, ModelSettings } from '../provider.ts'

/** Where an OpenAI-compatible server is reached. */
export interface Endpoint {
  /** Without a slash at the end: `http://127.0.0.1:11434/v1`. */
  base: string
  host: string
  loopback: boolean
  /** Sent as a bearer token; undefined for a server that was only found: a key goes where the user said, nowhere else. */
  key: string | undefined
  /** Where the user wrote the address; what a hint about it names. */
  setBy: 'OPENAI_BASE_URL' | 'model.base_url'
}

/** Where the servers that people run at home listen when nobody says otherwise, in the order of preference. */
export const localEndpoints: readonly string[] = [
  'http://127.0.0.1:11434/v1',
  'http://127.0.0.1:8080/v1',
  'http://127.0.0.1:8000/v1',
  'http://127.0.0.1:1234/v1',
]

/** What OPENAI_BASE_URL names, else `model.base_url`; undefined when neither does. @throws UserError when it is no URL */
export function configuredEndpoint(
  { baseUrl }: Pick<ModelSettings, 'baseUrl'>,
  env: Environment,
): Endpoint | undefined {
  const key = env.OPENAI_API_KEY?.trim() || undefined
  const address = env.OPENAI_BASE_URL?.trim()
  if (address) return endpointAt(address, key)
  return baseUrl ? endpointAt(baseUrl, key, 'model.base_url') : undefined
}

/** The endpoint at an address; `/v1` is added where no path is given. @throws UserError when it is no URL */
export function endpointAt(
  address: string,
  key?: string,
  setBy: Endpoint['setBy'] = 'OPENAI_BASE_URL',
): Endpoint {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UserError(
      `Expected an http or https URL in ${setBy}, got ${JSON.stringify(withoutSecrets(address))}`,
      {
        hint: 'Set it such as: export OPENAI_BASE_URL=http://127.0.0.1:11434/v1',
      },
    )
  }
  const path = withoutEnd(url.pathname, '/')
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  const user = url.username ? `${url.username}${url.password ? `:${url.password}` : ''}@` : ''
  return { base: `${url.protocol}//${user}${url.host}${path || '/v1'}`, host: url.host, loopback, key, setBy }
}

/** What to do about a server that does not answer, by the port that programs are known for. */
export function startHint({ host, loopback, setBy }: Endpoint): string {
  const port = /:(\d+)$/.exec(host)?.[1] ?? ''
  if (!loopback) return `Check ${setBy} and the connection.`
  return `Start it: ${starts[port] ?? 'ollama serve'} (or set ${setBy} to where it listens)`
}

const starts: Record<string, string> = {
  11434: 'ollama serve',
  8080: 'llama-server -m MODEL.gguf --jinja --port 8080',
  8000: 'vllm serve MODEL',
  1234: 'lms server start',
}

/** Without what may be a password or a key: whatever stands before an `@`, and the parameters. */
function withoutSecrets(address: string): string {
  return address.replace(/[?#].*$/s, '').replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1')
}
