import { expect, test } from 'vitest'
import { createReviver } from '../../src/worker/status/revive.ts'
import { random } from '../support/random.ts'

/** ms that a controller takes from its start to holding the line, or to its death. */
const startUp = 400

test('a controller that had held the line is replaced within 2 s, 200 times of 200, in whatever moment it is killed', async () => {
  for (const jitter of [() => 0, () => 0.999, mixed(1)]) {
    const at = openWorld(jitter)
    await at.live()
    const moment = mixed(2)
    for (let round = 0; round < 200; round += 1) {
      at.kill()
      const killed = at.now()
      await at.pass(2000, () => at.held())
      expect(at.held(), `round ${round}`).toBe(true)
      expect(at.now() - killed).toBeLessThanOrEqual(2000)
      // Sometimes at once, sometimes after everything has settled.
      await at.pass(moment() * 3000)
    }
    expect(at.starts.length).toBeLessThanOrEqual(401)
  }
})

test('one that is killed again before anybody has rested from starting it is replaced as soon', async () => {
  const at = openWorld(() => 0.5)
  await at.live()
  for (let round = 0; round < 20; round += 1) {
    at.kill()
    const killed = at.now()
    await at.pass(2000, () => at.held())
    expect(at.now() - killed).toBeLessThanOrEqual(1000)
  }
})

test('one that dies at its start is tried with longer and longer pauses, and then left alone', async () => {
  const at = openWorld(() => 0.5)
  await at.live()
  at.diesAtStart = true
  at.kill()
  const from = at.starts.length
  await at.pass(600_000)
  const tried = at.starts.slice(from)
  const pauses = tried.slice(1).map((start, index) => start - (tried[index] ?? 0))
  expect(tried).toHaveLength(7)
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000)
})

test('one that died at its start and then lives is replaced at once again when it dies later', async () => {
  const at = openWorld(() => 0.5)
  await at.live()
  at.diesAtStart = true
  at.kill()
  await at.pass(20_000)
  at.diesAtStart = false
  await at.pass(60_000, () => at.held())
  expect(at.held()).toBe(true)
  for (let round = 0; round < 5; round += 1) {
    at.kill()
    await at.pass(1000, () => at.held())
    expect(at.held()).toBe(true)
  }
})

test('one that is missed again after it was given up is brought back', async () => {
  const at = openWorld(() => 0.5)
  at.diesAtStart = true
  await at.live(600_000)
  at.diesAtStart = false
  at.appears()
  at.kill()
  await at.pass(1000, () => at.held())
  expect(at.held()).toBe(true)
})

test('a worker that ends, or is held meanwhile, starts none', async () => {
  const ended = openWorld(() => 0.5)
  ended.ended = true
  await ended.live()
  expect(ended.starts).toEqual([])
  const found = openWorld(() => 0.5)
  await found.live(0)
  found.appears()
  await found.pass(60_000)
  expect(found.starts).toEqual([])
})

/** A worker, its reviver and the controllers that it starts, on a clock that only the test moves. */
function openWorld(jitter: () => number) {
  let time = 0
  let held = false
  const timers: { at: number; ring(): void }[] = []
  const after = (ms: number, ring: () => void): void => void timers.push({ at: time + ms, ring })
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  const world = {
    diesAtStart: false,
    ended: false,
    starts: [] as number[],
    now: () => time,
    held: () => held,
    appears: () => {
      held = true
    },
    /** A second one finds the place taken. */
    kill() {
      held = false
      void revive()
    },
    async live(ms = 60_000) {
      void revive()
      await world.pass(ms, () => held)
    },
    /** Moves the clock from one timer to the next. */
    async pass(ms: number, done = () => false) {
      const end = time + ms
      for (;;) {
        await settle()
        if (done()) return
        const next = timers.toSorted((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        timers.splice(timers.indexOf(next), 1)
        time = next.at
        next.ring()
      }
      time = end
    },
  }
  const revive = createReviver({
    missing: () => !world.ended && !held,
    async start() {
      world.starts.push(time)
      const { diesAtStart } = world
      after(startUp, () => {
        if (!diesAtStart) held = true
      })
      return true
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        after(ms, resolve)
        signal.addEventListener('abort', () => resolve())
      }),
    random: jitter,
  })
  return world
}

/** Numbers from 0 to below 1, the same in each run. */
function mixed(seed: number): () => number {
  const { below } = random(seed)
  return () => below(1000) / 1000
}
