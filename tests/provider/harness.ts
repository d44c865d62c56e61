import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Message } from '../../src/domain/message.ts'
import { bedrockProvider } from '../../src/provider/bedrock/bedrock.ts'
import type {
  Environment,
  ModelSettings,
  Provider,
  ProviderEvent,
  Timeouts,
} from '../../src/provider/provider.ts'
import { type BedrockServer, type ServerOptions, startBedrockServer } from '../support/bedrock-server.ts'
import { until as patientUntil } from '../support/until.ts'

/** For the busiest machine: what is to run into it says a shorter one. */
export const timeouts: Timeouts = { firstEventMs: 60_000, betweenEventsMs: 60_000 }
export const notEc2 = { isEc2: () => false }

/** Made up: AWS's own documentation uses them. */
export const keyId = 'AKIAIOSFODNN7EXAMPLE'
export const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
export const keys = { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secretKey }

export const settings = (changes: Partial<ModelSettings> = {}): ModelSettings => ({
  provider: 'bedrock',
  id: undefined,
  region: undefined,
  timeouts,
  ...changes,
})

export const user = (text: string): Message => ({ role: 'user', blocks: [{ type: 'text', text }] })

export async function serve(options: ServerOptions = {}): Promise<BedrockServer> {
  const server = await startBedrockServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A home directory with the AWS files given, gone after the test. */
export function home(files: { credentials?: string; config?: string } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'q-provider-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(join(directory, '.aws'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, '.aws', name), text)
  return directory
}

/** ms since the epoch. */
export const now = Date.now

export function bedrock(
  url: string,
  env: Environment = keys,
  changes: Partial<ModelSettings> = {},
): Provider {
  const whole = { HOME: '/nonexistent', AWS_ENDPOINT_URL: url, ...env }
  return bedrockProvider(settings(changes), whole, { machine: notEc2, now: Date.now })
}

export async function all(events: AsyncIterable<ProviderEvent>): Promise<ProviderEvent[]> {
  const seen: ProviderEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

export function ask(provider: Provider, prompt = 'hello', signal = new AbortController().signal) {
  return all(provider.stream({ messages: [user(prompt)] }, signal))
}

export const said = (events: readonly ProviderEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('')

export function failureIn(events: readonly ProviderEvent[]) {
  const last = events.at(-1)
  if (last?.type !== 'failure') throw new Error(`Expected a failure at the end, got ${JSON.stringify(last)}`)
  return last
}

/** Polls until `check` holds. */
export async function until(check: () => boolean, what: string): Promise<void> {
  await patientUntil(check, { what, every: 10 })
}
