import { setTimeout as sleep } from 'node:timers/promises'

/** Each says what there is to see, for the message when something did not come. */
export const witnesses = new Set<() => string>()

/**
 * Asks again until the answer is neither undefined, null nor false, and returns it. An assertion that throws counts as
 * "not yet"; the last one is thrown when `patience` ms are over. How long something takes is no test: the patience is for
 * the busiest machine, and shorter than that of a test.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  { patience = 60_000, every = 20, what = 'the outcome' } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + patience
  let last: unknown
  for (;;) {
    const asked = performance.now()
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as Exclude<T, undefined | null | false>
      last = undefined
    } catch (error) {
      last = error
    }
    if (performance.now() > end) {
      const missing = last ?? new Error(`${what} did not come within ${patience} ms`)
      if (missing instanceof Error) missing.message += [...witnesses].map((say) => `\n${say()}`).join('')
      throw missing
    }
    // What takes long to ask is asked more seldom: it would keep what it waits for from going on.
    await sleep(Math.max(every, performance.now() - asked))
  }
}
