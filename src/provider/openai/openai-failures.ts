import { describeError, errorCode, UserError } from '../../base/errors.ts'
import { againAfter, againConnecting } from '../again.ts'
import { abortedFailure } from '../failures.ts'
import { saidIn } from '../http/said-in.ts'
import { Unreachable } from '../http/unreachable.ts'
import type { Again, Failure, FailureKind } from '../provider.ts'
import { redact } from '../redact.ts'
import { isTooLong } from '../too-long.ts'
import { Stopped, seconds, TooSlow } from '../within.ts'
import { type Endpoint, startHint } from './openai-endpoint.ts'

/** The server said no: an HTTP status that is no success, or an error inside the stream. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused'
  readonly status: number
  /** What kind of error the server calls it. */
  readonly code: string
  /** What it asks to wait, in ms. */
  readonly after: number | undefined

  constructor(status: number, body: string, after?: number) {
    const { words, code } = saidIn(body)
    super(words)
    this.status = status
    this.code = code
    this.after = after
  }
}

export interface ChatCircumstances {
  endpoint: Endpoint | undefined
  model: string | undefined
  /** Something of the answer had come. */
  begun: boolean
  /** Models that the server has, if it was asked. */
  models: readonly string[]
  secrets: readonly string[]
}

/** Whatever went wrong, as the event that people and the turn loop can use. */
export function chatFailure(error: unknown, around: ChatCircumstances): Failure {
  if (error instanceof Stopped) return abortedFailure
  const { kind, message, hint } = explained(error, around)
  const again = kind === 'overflow' ? undefined : againOf(error)
  return {
    type: 'failure',
    kind,
    message: redact(message, around.secrets),
    ...(hint ? { hint: redact(hint, around.secrets) } : {}),
    ...(again ? { again } : {}),
  }
}

function againOf(error: unknown): Again | undefined {
  if (error instanceof ServerRefused)
    return againAfter({
      status: error.status,
      said: `${error.code} ${error.message}`,
      after: error.after,
    })
  if (error instanceof Unreachable) return { why: 'not reached' }
  return againConnecting([errorCode(error) ?? ''])
}

interface Explanation {
  kind: FailureKind
  message: string
  hint?: string | undefined
}

function explained(error: unknown, around: ChatCircumstances): Explanation {
  const { endpoint, begun } = around
  const host = endpoint?.host ?? 'The server'
  if (error instanceof UserError) return { kind: 'network', message: error.message, hint: error.hint }
  if (error instanceof TooSlow) {
    const waited = seconds(error.waited)
    const message = begun
      ? `The answer broke off: nothing more came for ${waited}.`
      : `${host} did not begin to answer within ${waited}.`
    return { kind: 'timeout', message, hint: 'Ask again.' }
  }
  if (error instanceof ServerRefused) return refused(error, host, around)
  const said = describeError(error)
  if (begun) return { kind: 'cut', message: `The answer broke off: ${said}`, hint: 'Ask again.' }
  const code = errorCode(error) ?? ''
  if (code === 'ECONNREFUSED' && endpoint) {
    return { kind: 'network', message: `Nothing listens on ${host}.`, hint: startHint(endpoint) }
  }
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code)
  const hint = certificate
    ? 'If its certificate is your own: export NODE_EXTRA_CA_CERTS=/path/to/ca.pem'
    : `Check ${endpoint?.setBy ?? 'OPENAI_BASE_URL'} and the connection.`
  return { kind: 'network', message: `${host} cannot be reached: ${said}`, hint }
}

function refused(
  { status, code, message: said }: ServerRefused,
  host: string,
  around: ChatCircumstances,
): Explanation {
  const { model, endpoint } = around
  if (isTooLong(status, `${code} ${said}`)) {
    return {
      kind: 'overflow',
      message: `The conversation is longer than the model takes: ${said}`,
      hint: 'Have it summarized: /compact. Or start over: /clear',
    }
  }
  if (status === 401) {
    const hint = endpoint?.key
      ? 'Set a valid key: export OPENAI_API_KEY=…'
      : 'Set the key, and where it goes: export OPENAI_API_KEY=… OPENAI_BASE_URL=…'
    return { kind: 'credentials', message: `${host} refused the key: ${said}`, hint }
  }
  if (status === 403) return { kind: 'access', message: `${host} does not allow it: ${said}` }
  if (status === 404 || (status === 400 && /model.{0,80}(not found|not exist|unknown|invalid)/i.test(said))) {
    return {
      kind: 'invalid',
      message: `${host} has no ${model ?? 'model'} to answer with: ${said}`,
      hint: choice(around, host),
    }
  }
  if (status === 429) {
    return {
      kind: 'throttled',
      message: `${host} asks for a pause: ${said}`,
      hint: 'Wait a minute and ask again.',
    }
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'invalid',
      message: `${host} answered with a redirect (${status}).`,
      hint: `Check ${endpoint?.setBy ?? 'OPENAI_BASE_URL'}: most end in /v1.`,
    }
  }
  if (status >= 400 && status < 500)
    return { kind: 'invalid', message: `${host} refused the request: ${said}` }
  return { kind: 'service', message: `${host} failed: ${said}`, hint: 'Ask again.' }
}

function choice({ models, model, endpoint }: ChatCircumstances, host: string): string {
  const [first] = models
  if (first !== undefined) {
    return `It has ${models.slice(0, 8).join(', ')}: q config set model.id ${first} (for one session: /model)`
  }
  if (host.endsWith(':11434')) return `Get one: ollama pull ${model ?? 'qwen3'}`
  return `Check ${endpoint?.setBy ?? 'OPENAI_BASE_URL'} (most end in /v1) and model.id.`
}
