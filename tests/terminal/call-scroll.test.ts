import { expect, test } from 'vitest'
import { thisCommand } from '../../src/domain/approval.ts'
import type { Key } from '../../src/terminal/keys/key.ts'
import { frameOf, permissionReader, press, typedIn } from '../../src/terminal/reader.ts'
import {
  allSeen,
  type CallView,
  createCallView,
  drawn,
  resizedTo,
  scrolled,
  type WindowSize,
} from '../../src/terminal/screen/call-scroll.ts'
import { createStyle } from '../../src/text/style.ts'

const style = createStyle(false)
const asked = (lines: number, trust = thisCommand) => ({
  tool: 'execute_bash',
  lines: Array.from({ length: lines }, (_, at) => ({ kind: 'text' as const, text: `echo ${at}` })),
  trust,
})
const callView = (lines: number, height = 24, columns = 80, trust = thisCommand) =>
  drawn(createCallView({ asked: asked(lines, trust), style }, { columns, height }))
const inWindow = (view: CallView, size: WindowSize) => drawn(resizedTo(view, size))
const named = (name: string): Key => ({ type: 'press', name })
const space: Key = { type: 'text', text: ' ' }
const after = (view: CallView, ...keys: Key[]) =>
  keys.reduce((now, key) => drawn(scrolled(now, key, true) ?? now), view)

test('what fits is seen at once, and its keys are the keys of the line', () => {
  const view = callView(3)
  expect(view.paged).toBe(false)
  expect(allSeen(view)).toBe(true)
  for (const key of [space, named('End'), named('Up')]) expect(scrolled(view, key, true)).toBeUndefined()
})

test.each([
  ['Space', [space, space, space]],
  ['PgDn', [named('PageDown'), named('PageDown'), named('PageDown')]],
  ['End', [named('End')]],
  ['arrows', Array.from({ length: 25 }, () => named('Down'))],
])('%s leads to the end of what does not fit', (_, keys) => {
  const view = callView(45)
  expect(view.paged).toBe(true)
  expect(allSeen(view)).toBe(false)
  expect(allSeen(after(view, ...keys))).toBe(true)
  expect(allSeen(after(view, ...keys.slice(0, -2)))).toBe(false)
})

test('a window of another size keeps what was seen, and asks for what was not', () => {
  const half = after(callView(45), space)
  expect(allSeen(inWindow(half, { columns: 40, height: 6 }))).toBe(false)
  const page = inWindow(half, { columns: 40, height: 6 })
  expect(page.rows[page.top]?.text).toBe(half.rows[half.top]?.text)
  expect(allSeen(after(page, space))).toBe(false)
  expect(allSeen(inWindow(half, { columns: 80, height: 60 }))).toBe(true)
  const read = after(callView(45), named('End'))
  expect(allSeen(inWindow(read, { columns: 30, height: 5 }))).toBe(true)
})

test('a call that fitted stays seen in a low window; what t trusts is not seen before it was shown', () => {
  const low = { columns: 80, height: 6 }
  expect(allSeen(inWindow(callView(10), low))).toBe(true)
  const path = inWindow(callView(10, 24, 100, 'writing a.ts'), low)
  expect(path.paged).toBe(true)
  expect(allSeen(path)).toBe(false)
  expect(allSeen(after(path, named('End')))).toBe(true)
})

test('a window that is too low shows nothing, and nothing counts as seen', () => {
  for (const height of [1, 2]) {
    const view = after(callView(5, height), named('End'), space, named('PageDown'))
    expect(allSeen(view)).toBe(false)
  }
})

test.each([
  [80, 24],
  [200, 10],
  [40, 6],
  [40, 3],
  [80, 2],
  [5, 1],
])('the frame for %i x %i never exceeds the window, and its cursor is inside', (columns, height) => {
  const reader = permissionReader(callView(45, height, columns), () => {})
  reader.armed = true
  for (const key of [space, { type: 'text', text: 'no because '.repeat(20) } as const]) {
    press(reader, key, () => [])
    const { rows, cursor } = frameOf(reader, { columns, height })
    expect(rows.length).toBeLessThanOrEqual(height)
    expect(cursor.row).toBeLessThan(rows.length)
    expect(cursor.row).toBeGreaterThanOrEqual(0)
  }
})

test('a yes before the end is answered and forgotten; a no counts at any time; Enter alone is no answer', () => {
  const reader = permissionReader(callView(45), () => {})
  const type = (text: string) => {
    press(reader, { type: 'text', text }, () => [])
    return press(reader, named('Enter'), () => [])
  }
  const shown = () =>
    frameOf(reader, { columns: 80, height: 24 })
      .rows.map(({ cells }) => cells.map(({ text }) => text).join(''))
      .join('\n')
  expect(press(reader, named('Enter'), () => [])).toBeUndefined()
  for (const yes of ['y', 't', 'YES', ' y ']) {
    expect(type(yes)).toBeUndefined()
    expect(typedIn(reader)).toBe('')
    expect(shown()).toContain('read to its end first: Space, PgDn, End')
  }
  // In one read with the keys that lead there, the end was not on the screen yet.
  press(reader, named('End'), () => [])
  expect(type('y')).toBeUndefined()
  press(reader, named('Home'), () => [])
  expect(shown()).toMatch(/rows 1-21 of \d+: Space, PgDn, End/)
  expect(type('no, use npm')).toBe('submit')
  reader.editor = { ...reader.editor, units: [], at: 0 }
  press(reader, named('End'), () => [])
  expect(shown()).toContain('y runs it once')
  expect(type('y')).toBe('submit')
})
