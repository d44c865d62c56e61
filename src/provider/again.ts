import type { Again } from './provider.ts'

/** What is known of a refusal, whichever service it is. */
export interface Refusal {
  status: number | undefined
  /** The service's own words and names of errors. */
  said: string
  /** What it asks to wait, in ms. */
  after?: number | undefined
}

/** Whether a request that was refused may succeed later, unchanged. */
export function againAfter({ status, said, after }: Refusal): Again | undefined {
  const why = reason(status, said)
  if (!why || (isUsedUp.test(said) && after === undefined)) return undefined
  return after === undefined ? { why } : { why, after }
}

/** Whether a connection that failed may come about later, by the codes that Node has for it and for its causes. */
export function againConnecting(codes: readonly string[]): Again | undefined {
  const said = codes.filter((code) => code !== '')
  return said.length > 0 && said.every((code) => unreachable.test(code)) ? { why: 'not reached' } : undefined
}

function reason(status: number | undefined, said: string): Again['why'] | undefined {
  if (status === 503 || status === 529 || busy.test(said)) return 'overloaded'
  if (status === 429 || throttled.test(said)) return 'throttled'
  if ((status !== undefined && passing.has(status)) || failed.test(said)) return 'failed'
  return undefined
}

/** Of the service, and of what stands before it: 520 to 524 are Cloudflare's. */
const passing: ReadonlySet<number> = new Set([425, 500, 502, 504, 520, 521, 522, 523, 524])

const busy = /overloaded|ModelNotReady|ServiceUnavailable|service.?unavailable|server is busy/i
const throttled = /throttl|TooManyRequests|rate.?limit.?exceeded/i
const failed = /InternalServer(?:Exception|Error)|ModelStreamError/i

/** What a moment does not bring back: money, and what counts by the day. */
const isUsedUp = /insufficient.?quota|billing|credit balance|per day\b|daily|per month\b|monthly/i

const unreachable =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENET(?:UNREACH|DOWN)|EHOST(?:UNREACH|DOWN)|EAI_AGAIN|ERR_HTTP2_\w+|UND_ERR_SOCKET)$/
