import { describeError, errorCode, UserError } from '../../base/errors.ts'
import { againAfter, againConnecting } from '../again.ts'
import { abortedFailure } from '../failures.ts'
import { type Headers, retryAfter } from '../http/retry-after.ts'
import type { Again, Failure } from '../provider.ts'
import { redact } from '../redact.ts'
import { Stopped, seconds, TooSlow } from '../within.ts'
import type { AwsFacts } from './aws/aws-facts.ts'
import { type Cause, type Explanation, explain } from './bedrock-failure-rules.ts'
import { ForeignAnswer } from './foreign-answer.ts'

/** What is known around an error: where the request went, how far it came, and what must not be shown. */
export interface Circumstances {
  facts: AwsFacts
  host: string
  /** The first event of the answer had come. */
  begun: boolean
  secrets: readonly string[]
  /** ms since the epoch. */
  now(): number
}

/** An error of the SDK, the service or the way there as the event that people and the turn loop can use. */
export function failureOf(error: unknown, around: Circumstances): Failure {
  if (error instanceof Stopped) return abortedFailure
  if (error instanceof TooSlow) return timeoutFailure(error.waited, around)
  const cause = causeOf(error, around)
  const { kind, message, hint } = error instanceof UserError ? misconfigured(error) : explain(cause)
  const again = repeatable.has(kind) ? againOf(error, cause, around.now()) : undefined
  return {
    type: 'failure',
    kind,
    message: redact(message, around.secrets),
    ...(hint ? { hint } : {}),
    ...(again ? { again } : {}),
  }
}

const repeatable = new Set(['throttled', 'network', 'service', 'cut'])

function againOf(error: unknown, { names, codes, status, said }: Cause, now: number): Again | undefined {
  if (names.includes('Unreachable') || names.includes('TimeoutError')) return { why: 'not reached' }
  const words = `${names.join(' ')} ${error instanceof ForeignAnswer ? error.code : ''} ${said}`
  const refused = againAfter({ status, said: words, after: afterOf(error, now) })
  return refused ?? againConnecting(codes)
}

/** What the service asks to wait, in ms. */
function afterOf(error: unknown, now: number): number | undefined {
  if (error instanceof ForeignAnswer) return retryAfter(error.headers, now)
  const response = error instanceof Error && '$response' in error ? error.$response : undefined
  const headers = (response as { headers?: Headers } | undefined)?.headers
  return headers && retryAfter(headers, now)
}

function misconfigured({ message, hint }: UserError): Explanation {
  return { kind: 'network', message, ...(hint ? { hint } : {}) }
}

function timeoutFailure(waited: number, around: Circumstances): Failure {
  const message = around.begun
    ? `The answer broke off: nothing more came for ${seconds(waited)}.`
    : `${around.host} did not begin to answer within ${seconds(waited)}.`
  return { type: 'failure', kind: 'timeout', message, hint: 'Ask again.' }
}

function causeOf(error: unknown, around: Circumstances): Cause {
  return {
    names: along(error, (at) => at.name),
    codes: along(error, (at) => errorCode(at) ?? ''),
    status: statusOf(error),
    said: withoutEcho(redact(describeError(error), around.secrets)),
    facts: around.facts,
    host: around.host,
    begun: around.begun,
  }
}

function along(error: unknown, read: (at: Error) => string): string[] {
  const found: string[] = []
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) found.push(read(at))
  return found
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof ForeignAnswer) return error.status
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined
  const status = (metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode
  return typeof status === 'number' ? status : undefined
}

/** The SDK's advice to its own developers, and Node's repetition of the cause, are no use to people. */
function withoutEcho(words: string): string {
  const said = words.replace(/^The pending stream has been canceled \(caused by: .*?\): /, '')
  const advice = said.indexOf('Deserialization error: to see the raw response')
  return advice === -1 ? said : said.slice(0, advice).trimEnd()
}
