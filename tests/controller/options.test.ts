import { expect, test } from 'vitest'
import { desiredOptions, optionCommands } from '../../src/controller/options.ts'
import { reduce, type State } from '../../src/controller/reduce.ts'
import { idOf, paneAt, stateOf, viewOf, waiting } from './states.ts'

const inline = { max: 5, lines: 0 }
const panes = [paneAt(1), paneAt(2), paneAt(3)]
const three = viewOf(panes)

function option(state: State, name: string, target = '$1', layout = inline): string | undefined {
  return desiredOptions(state, layout)
    .get(target)
    ?.get(name)
    ?.replaceAll(/#\[[^\]]*\]/g, '')
}

test('the session points to the longest wait, and each waiting window to the next one, round and round', () => {
  const state = stateOf([waiting(2), waiting(3), waiting(1)], three)
  expect(option(state, '@q_next')).toBe('@1.%1')
  expect(['@1', '@2', '@3'].map((window) => option(state, '@q_next', window))).toEqual([
    '@2.%2',
    '@3.%3',
    '@1.%1',
  ])
})

test('the next one stays the same while windows are shown, so that quick presses cannot go astray', () => {
  const statuses = [waiting(1), waiting(2), waiting(3)]
  const next = (shown: string): unknown[] => {
    const state = stateOf(
      statuses,
      viewOf(panes, { clients: [{ window: shown, width: 80, windowSize: '80x23' }] }),
    )
    return ['$1', '@1', '@2', '@3'].map((window) => option(state, '@q_next', window))
  }
  expect(next('@1')).toEqual(next('@3'))
})

test('what is displayed is neither in the corner nor marked in its tab', () => {
  const state = stateOf(
    [waiting(1), waiting(2)],
    viewOf(panes, { clients: [{ window: '@1', width: 80, windowSize: '80x23' }] }),
  )
  expect(option(state, '@q_waiting')).toBe('[s2]')
  expect(option(state, '@q_mark', '@1')).toBe('')
  expect(option(state, '@q_mark', '@2')).toContain('●')
})

test.each([
  [{ waitingFor: 'input' }, '●'],
  [{ waitingFor: 'approval' }, '!'],
  [{ waitingFor: 'error' }, '✗'],
  [{ state: 'processing', waitingFor: null }, '…'],
  [{ state: 'exited', waitingFor: null }, '-'],
  [{ state: 'starting', waitingFor: null }, ''],
  [{ turn: 0 }, ''],
] as const)('the tab of a session that says %o carries the mark %j', (facts, mark) => {
  expect(option(stateOf([waiting(1, facts)], three), '@q_mark', '@1')).toBe(mark)
})

test('a waiting program without a window is in the corner but no place to jump to', () => {
  const state = stateOf([waiting(9), waiting(8)], viewOf([paneAt(9)]))
  expect(option(state, '@q_waiting')).toBe('[s8] [s9]')
  expect(option(state, '@q_next')).toBe('@9.%9')
})

test('no option is ever set to a window that tmux does not have', () => {
  const state = stateOf([waiting(1, { window: '@77' })], viewOf([paneAt(2)]))
  const values = [...desiredOptions(state, inline).values()].flatMap((options) => [...options.values()])
  expect(values.join()).not.toContain('@77')
  expect(desiredOptions(state, inline).has('@77')).toBe(false)
})

test('the corner switched off shows nothing, and the jump key still works', () => {
  const state = stateOf([waiting(1)], three)
  expect(option(state, '@q_waiting', '$1', { max: 0, lines: 0 })).toBe('')
  expect(option(state, '@q_next', '$1', { max: 0, lines: 0 })).toBe('@1.%1')
})

test('only what changed is sent', () => {
  const before = desiredOptions(stateOf([waiting(1)], three), inline)
  const after = desiredOptions(stateOf([waiting(1), waiting(2, { state: 'processing' })], three), inline)
  expect(optionCommands(before, before)).toEqual([])
  expect(optionCommands(before, after)).toEqual([['set-option', '-w', '-t', '@2', '@q_mark', '…']])
})

test('to a server of which nothing is known, also the empty values are sent: an earlier controller may have set them', () => {
  const commands = optionCommands(new Map(), desiredOptions(stateOf([], three), inline))
  expect(commands).toContainEqual(['set-option', '-u', '-t', '$1', '@q_waiting'])
  expect(commands).toContainEqual(['set-option', '-u', '-t', '$1', '@q_next'])
})

test('a session whose status goes away takes its mark and its way on along', () => {
  const state = stateOf([waiting(1), waiting(2)], three)
  const less = reduce(state, { type: 'status', session: idOf(1), status: undefined })
  const commands = optionCommands(desiredOptions(state, inline), desiredOptions(less, inline))
  expect(commands).toContainEqual(['set-option', '-u', '-w', '-t', '@1', '@q_mark'])
  expect(commands).toContainEqual(['set-option', '-u', '-w', '-t', '@1', '@q_next'])
})

test('a window that closed is told nothing any more', () => {
  const state = stateOf([waiting(1), waiting(2)], three)
  const less = reduce(state, { type: 'view', view: viewOf([paneAt(2)]) })
  const commands = optionCommands(desiredOptions(state, inline), desiredOptions(less, inline))
  expect(commands.flat()).not.toContain('@1')
})

test('before anything was read, there is nothing to show', () => {
  expect([...(desiredOptions(stateOf([]), inline).get('$1')?.values() ?? [])].join('')).toBe('')
})

test('a session elsewhere is gone to through its own tmux session, and two in one window each have their next', () => {
  const away = paneAt(2, { home: '$5', inside: false })
  const view = viewOf([paneAt(1), paneAt(3, { window: '@1' }), away])
  const state = stateOf([waiting(1), waiting(2), waiting(3)], view)
  expect(option(state, '@q_next', '%1')).toBe('$5:@2.%2')
  expect(option(state, '@q_next', '@2')).toBe('@1.%3')
  expect(option(state, '@q_next', '%3')).toBe('@1.%1')
  expect(option(state, '@q_next', '@1')).toBe('')
})

test('the mark of a window with several sessions is that of the one that needs somebody first', () => {
  const view = viewOf([paneAt(1), paneAt(2, { window: '@1' })])
  const state = stateOf([waiting(1), waiting(2, { waitingFor: 'approval' })], view)
  expect(option(state, '@q_mark', '@1')).toBe('!')
})
