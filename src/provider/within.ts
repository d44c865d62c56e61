/** Nothing came in time; `waited` in ms. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow'
  readonly waited: number

  constructor(waited: number) {
    super(`nothing came for ${seconds(waited)}`)
    this.waited = waited
  }
}

/** The signal fired first. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/**
 * What `promise` settles with, unless `ms` pass (rejects with TooSlow) or the signal fires (rejects with Stopped) before
 * that. A busy process may find the time over and the answer waiting: what is there is read first. The promise itself is
 * left to settle unheard, so whoever started its work has to end it.
 */
export function within<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(async () => {
      await turn()
      await turn()
      settle(() => reject(new TooSlow(ms)))
    }, ms)
    const onAbort = () => settle(() => reject(new Stopped('stopped')))
    const settle = (outcome: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      outcome()
    }
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    )
  })
}

/** One round of the event loop, in which it reads what is there. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** `1.5 s`, `90 s`: a duration in ms for people. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
