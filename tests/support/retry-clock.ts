import type { RetryClock } from '../../src/provider/retry-provider.ts'

/** A clock on which a rest takes no time: it is noted, and the time moves on by it. */
export interface TestClock extends RetryClock {
  /** In ms, in order. */
  rests: number[]
}

export function testClock(random: () => number = () => 0.5): TestClock {
  let time = Date.UTC(2026, 2, 1, 12)
  const rests: number[] = []
  return {
    rests,
    random,
    now: () => time,
    elapsed: () => time,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      rests.push(ms)
      time += ms
    },
  }
}
