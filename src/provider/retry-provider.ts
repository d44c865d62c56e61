import { setTimeout as sleep } from 'node:timers/promises'
import { span } from '../text/plain-text.ts'
import { when } from '../text/when.ts'
import { abortedFailure } from './failures.ts'
import type { Again, Failure, Provider, ProviderEvent } from './provider.ts'

/** What retries take from the outside world. */
export interface RetryClock {
  /** ms since the epoch. */
  now(): number
  /** ms of a clock that nobody sets. */
  elapsed(): number
  /** At least 0, less than 1. */
  random(): number
  /** Rejects when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>
}

/** This machine's, with the date of `now`. */
export function retryClock(now: () => number): RetryClock {
  return {
    now,
    elapsed: () => performance.now(),
    random: Math.random,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  }
}

/** The most that a rest takes which the service did not ask for, in ms. */
const maxRest = 30_000

export interface RetryOptions {
  /** ms. */
  retryFor: number
  clock: RetryClock
  /** The provider as it is by now: what the user mends during a rest counts for the next attempt. */
  renewed?(): Promise<Provider>
}

/**
 * The same provider with patience: for `retryFor` ms after its first failure, a request of which nothing was shown yet
 * and that may succeed later is sent again. A rest is what the service asks for, and a random part of a time that
 * doubles from 1 s to 30 s on top of it: many that were refused at once do not come back at once. A service that asks
 * for more than the patience left is not asked again: the failure says until when.
 */
export function patient(provider: Provider, { retryFor, clock, renewed }: RetryOptions): Provider {
  // Not spread: label and model are looked up anew each time.
  return Object.create(provider, { stream: { value: stream, enumerable: true } }) as Provider

  async function* stream(...[request, signal, onPause]: Parameters<Provider['stream']>): Events {
    let refusedAt: number | undefined
    let asked = provider
    for (let attempt = 1; ; attempt += 1) {
      let shown = false
      let failure: Failure | undefined
      for await (const event of asked.stream(request, signal)) {
        shown ||= event.type === 'text' || event.type === 'tool_use'
        if (event.type === 'failure') failure = event
        else yield event
      }
      if (!failure) return
      refusedAt ??= clock.elapsed()
      const left = onPause ? retryFor - (clock.elapsed() - refusedAt) : 0
      const rest = failure.again && !shown ? restBefore(attempt + 1, failure.again, left, clock) : undefined
      if (rest === undefined || !failure.again) return yield lastOf(failure, attempt, left, clock)
      const { message, hint, again } = failure
      const until = clock.now() + rest
      await onPause?.({ why: again.why, message, hint, attempt: attempt + 1, until })
      await clock.sleep(rest, signal).catch(() => {})
      if (signal.aborted) return yield abortedFailure
      await onPause?.(undefined)
      asked = (await renewed?.()) ?? asked
    }
  }
}

type Events = AsyncGenerator<ProviderEvent, void, undefined>

/** In ms; undefined when no patience is left for it. */
function restBefore(
  attempt: number,
  { after = 0 }: Again,
  left: number,
  { random }: RetryClock,
): number | undefined {
  if (left <= 0 || after > left) return undefined
  const most = Math.min(maxRest, 1000 * 2 ** (attempt - 2))
  return Math.ceil(Math.min(left, after + random() * most))
}

/** The failure that ends the turn, with what was tried, and when it is worth asking again. */
function lastOf({ again, ...failure }: Failure, attempts: number, left: number, clock: RetryClock): Failure {
  const message = attempts > 1 ? `${failure.message} (asked ${attempts} times)` : failure.message
  const after = Math.ceil(again?.after ?? 0)
  if (after <= Math.max(0, left)) return { ...failure, message }
  const until = clock.now() + after
  return { ...failure, message, until, hint: `It asks to wait ${span(after)}: ask again at ${when(until)}.` }
}
