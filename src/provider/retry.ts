import type { BedrockRuntimeClientConfig } from './aws-sdk.ts'

type RetryStrategy = NonNullable<BedrockRuntimeClientConfig['retryStrategy']>
type RetryStrategyV2 = Extract<RetryStrategy, { acquireInitialRetryToken: unknown }>

/** How often a request is sent at most, `AWS_MAX_ATTEMPTS` as the SDK's users know it. */
export function maxAttempts(value: string | undefined): number {
  const attempts = Number(value)
  return Number.isInteger(attempts) && attempts > 0 ? attempts : 3
}

/**
 * Retries what the SDK calls transient or throttled, with full jitter and short waits: somebody sits in front of it, and
 * three attempts are over within 1.5 s. A connection that does not come about is not tried again.
 */
export function impatientRetries(attempts: number): RetryStrategyV2 {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(last, { errorType, error }) {
      const tried = last.getRetryCount() + 1
      const worthIt = errorType === 'THROTTLING' || errorType === 'TRANSIENT'
      if (!worthIt || tried >= attempts || isTimeout(error)) throw new Error('not retried')
      const base = errorType === 'THROTTLING' ? 500 : 100
      return token(tried, Math.random() * Math.min(base * 2 ** (tried - 1), 5000))
    },
    recordSuccess: () => {},
  }
}

/** The SDK does the waiting, and leaves it when the request is aborted. */
function token(retries: number, delay: number) {
  return { getRetryCount: () => retries, getRetryDelay: () => delay }
}

function isTimeout(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'TimeoutError' || at.name === 'Unreachable') return true
  }
  return false
}
