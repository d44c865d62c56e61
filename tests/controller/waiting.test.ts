import { expect, test } from 'vitest'
import { reduce, type State } from '../../src/controller/reduce.ts'
import { placeOf, waitingSessions } from '../../src/controller/waiting.ts'
import { idOf, paneAt, stateOf, viewOf, waiting } from './states.ts'

const names = (state: State): string[] => waitingSessions(state).map(({ status }) => status.name)

test('of answers the longest wait comes first, whatever order the files were read in', () => {
  expect(names(stateOf([waiting(3), waiting(1), waiting(2)]))).toEqual(['s1', 's2', 's3'])
})

test('what asks goes before what failed, and that before an answer, however long each has waited', () => {
  const state = stateOf([
    waiting(1),
    waiting(2, { waitingFor: 'error' }),
    waiting(3, { waitingFor: 'approval' }),
    waiting(4, { waitingFor: 'error' }),
  ])
  expect(names(state)).toEqual(['s3', 's2', 's4', 's1'])
})

test('waits that began in the same millisecond keep one order', () => {
  const both = [waiting(2, { since: 5 }), waiting(1, { since: 5 })]
  expect(names(stateOf(both))).toEqual(['s1', 's2'])
  expect(names(stateOf(both.reverse()))).toEqual(['s1', 's2'])
})

test('a session in which nothing was said waits for nobody, unless it asks for an approval', () => {
  expect(names(stateOf([waiting(1, { turn: 0 })]))).toEqual([])
  expect(names(stateOf([waiting(1, { turn: 0, waitingFor: 'approval' })]))).toEqual(['s1'])
})

test.each(['starting', 'processing', 'exited'] as const)('a session that is %s does not wait', (state) => {
  expect(names(stateOf([waiting(1, { state, waitingFor: null })]))).toEqual([])
})

test('a session whose process died does not wait, until another process speaks for it', () => {
  const dead = reduce(stateOf([waiting(1)]), { type: 'gone', session: idOf(1), pid: 1001 })
  expect(names(dead)).toEqual([])
  const back = reduce(dead, { type: 'status', session: idOf(1), status: waiting(1, { pid: 7 }) })
  expect(names(back)).toEqual(['s1'])
})

test('the death of an earlier process does not end the wait of the present one', () => {
  const state = reduce(stateOf([waiting(1)]), { type: 'gone', session: idOf(1), pid: 999 })
  expect(names(state)).toEqual(['s1'])
})

test('what any attached terminal shows is flagged as displayed', () => {
  const clients = [
    { window: '@3', width: 80, windowSize: '80x23' },
    { window: '@1', width: 200, windowSize: '200x23' },
  ]
  const view = viewOf([paneAt(1), paneAt(2), paneAt(3)], { clients })
  const state = stateOf([waiting(1), waiting(2), waiting(3)], view)
  expect(waitingSessions(state).map((one) => one.displayed)).toEqual([true, false, true])
})

test('of two sessions in one window both are displayed, unless one is zoomed over the other', () => {
  const clients = [{ window: '@1', width: 80, windowSize: '80x23' }]
  const shown = (hidden: boolean): boolean[] => {
    const view = viewOf([paneAt(1, { hidden }), paneAt(2, { window: '@1' })], { clients })
    return waitingSessions(stateOf([waiting(1), waiting(2)], view)).map((one) => one.displayed)
  }
  expect(shown(false)).toEqual([true, true])
  expect(shown(true)).toEqual([false, true])
})

test('a window belongs to the session of its pane, not to the one that claims it in a status file', () => {
  const view = viewOf([paneAt(1)], { others: [9] })
  const liar = waiting(2, { window: '@1' })
  const honest = waiting(3, { window: '@9' })
  const state = stateOf([waiting(1, { window: '@9' }), liar, honest], view)
  expect(placeOf(state, waiting(1, { window: '@9' }))?.goal).toBe('@1.%1')
  expect(placeOf(state, liar)).toBeUndefined()
  expect(placeOf(state, honest)?.goal).toBe('@9')
})

test('a status that goes away or says nothing new leaves the other sessions as they were', () => {
  const state = stateOf([waiting(1), waiting(2)])
  const less = reduce(state, { type: 'status', session: idOf(1), status: undefined })
  expect(names(less)).toEqual(['s2'])
  expect(reduce(less, { type: 'status', session: idOf(1), status: undefined })).toBe(less)
})
