import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again until the answer is neither undefined, null nor false, and returns it. An assertion that throws counts as
 * "not yet"; the last one is thrown when `patience` ms are over.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  { patience = 15_000, every = 20, what = 'the outcome' } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + patience
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as Exclude<T, undefined | null | false>
      last = undefined
    } catch (error) {
      last = error
    }
    if (performance.now() > end) throw last ?? new Error(`${what} did not come within ${patience} ms`)
    await sleep(every)
  }
}
