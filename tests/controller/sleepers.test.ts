import { afterEach, expect, test } from 'vitest'
import { createSleepers, type Sleepers } from '../../src/controller/sleepers.ts'
import { until } from '../support/until.ts'
import { idOf, paneAt, stateOf, viewOf, waiting } from './states.ts'

/** ms. */
const rest = 30

let sleepers: Sleepers | undefined
afterEach(() => sleepers?.close())

/** Those that were asked to end, in their order. */
function following(restMs = () => rest): { sleepers: Sleepers; asked: string[] } {
  const asked: string[] = []
  sleepers = createSleepers({ restMs, now: Date.now, ask: (session) => asked.push(session) })
  return { sleepers, asked }
}

const shown = (...windows: number[]) => ({
  clients: windows.map((n) => ({ window: `@${n}`, width: 80, windowSize: '80x24' })),
})

test('who waits and is not displayed is asked to end after its rest, and nobody else is', async () => {
  const { sleepers, asked } = following()
  const panes = [1, 2, 3, 4, 5, 6].map((n) => paneAt(n, n === 6 ? { asleep: true } : {}))
  sleepers.follow(
    stateOf(
      [
        waiting(1),
        waiting(2),
        waiting(3, { waitingFor: 'approval' }),
        waiting(4, { state: 'processing', waitingFor: null }),
        waiting(5, { waitingFor: 'error' }),
        waiting(6),
        // A program of somebody else's, without a pane of ours.
        waiting(7),
      ],
      viewOf(panes, shown(1)),
    ),
  )
  await until(() => asked.length === 2)
  expect(asked).toEqual([idOf(2), idOf(5)])
})

test('a session rests from when it was displayed last', async () => {
  const { sleepers, asked } = following()
  const statuses = [waiting(1), waiting(2)]
  const panes = [paneAt(1), paneAt(2)]
  const begun = Date.now()
  let seen = 0
  while (Date.now() < begun + 4 * rest) {
    sleepers.follow(stateOf(statuses, viewOf(panes, shown(1, 2))))
    seen = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(asked).toEqual([])
  sleepers.follow(stateOf(statuses, viewOf(panes, shown(1))))
  await until(() => asked.length > 0)
  expect(Date.now() - seen).toBeGreaterThanOrEqual(rest)
  expect(asked[0]).toBe(idOf(2))
})

test('one worker stays awake, and who refused is asked again after another rest', async () => {
  const { sleepers, asked } = following()
  sleepers.follow(stateOf([waiting(1), waiting(2)], viewOf([paneAt(1), paneAt(2)])))
  await until(() => asked.length >= 3)
  // Never both at once: the other one rests anew each time.
  sleepers.follow(stateOf([waiting(2)], viewOf([paneAt(1, { asleep: true }), paneAt(2)])))
  const before = asked.length
  await new Promise((resolve) => setTimeout(resolve, 5 * rest))
  expect(asked.length).toBe(before)
})

test('with 0 nobody sleeps, until the setting says otherwise', async () => {
  let ms = 0
  const { sleepers, asked } = following(() => ms)
  sleepers.follow(stateOf([waiting(1), waiting(2)], viewOf([paneAt(1), paneAt(2)], shown(1))))
  await new Promise((resolve) => setTimeout(resolve, 5 * rest))
  expect(asked).toEqual([])
  ms = rest
  sleepers.reset()
  await until(() => asked.length > 0)
  expect(asked[0]).toBe(idOf(2))
})
