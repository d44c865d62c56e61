import { type WorkerStatus, waits } from '../domain/worker-status.ts'
import type { Command } from '../tmux/door.ts'
import { setOption } from '../tmux/verbs.ts'
import { renderCorner, renderLines, yellow } from './corner.ts'
import { isGone, type State, statusesOf } from './reduce.ts'
import { placeOf, waitingSessions } from './waiting.ts'

/** The tmux options that the controller keeps: by the id of the session, window or pane that they are set on, then by name. */
export type Options = ReadonlyMap<string, ReadonlyMap<string, string>>

export interface Layout {
  /** `ui.max_indicator_sessions`; 0 when the corner is switched off. */
  max: number
  /** Lines of the stacked layout; 0 in the inline one. */
  lines: number
}

/** What tmux's options should be in a state. Pure: the controller sends only what differs from the last time. */
export function desiredOptions(state: State, layout: Layout): Options {
  const waiting = waitingSessions(state)
  const names = waiting
    .filter((one) => !one.displayed)
    .map(({ status }) => ({ name: status.name, waitingFor: status.waitingFor ?? 'input' }))
  const goals = waiting.flatMap(({ place }) => (place ? [place] : []))
  const corner = renderCorner(names, layout.max)

  const session = new Map([
    ['@q_waiting', corner.full],
    ['@q_corner', corner.fit],
    ['@q_next', goals[0]?.goal ?? ''],
  ])
  // A window that opens while no terminal is attached has the size of the last one.
  const last = state.view.clients.findLast(({ window }) => state.view.windows.some(({ id }) => id === window))
  if (last) session.set('default-size', last.windowSize)
  const lines = renderLines(layout.max === 0 ? [] : names, layout.lines)
  for (let line = 1; line <= layout.lines; line += 1) session.set(`@q_line_${line}`, lines[line - 1] ?? '')

  const options = new Map<string, Map<string, string>>(state.view.members.map(({ id }) => [id, session]))
  // From a waiting session the next jump goes to the one that waits next longest, and from the last to the first.
  const nextAfter = new Map(
    goals.map(({ window, pane }, at) => [pane ?? window, goals[(at + 1) % goals.length]?.goal ?? '']),
  )
  const panesOf = Map.groupBy(state.view.panes, ({ window }) => window)
  const marks = marksOf(state)
  for (const { id } of state.view.windows) {
    const panes = panesOf.get(id) ?? []
    const [only] = panes
    options.set(
      id,
      new Map([
        ['@q_mark', marks.get(id) ?? ''],
        // Of several sessions in one window each has its own.
        ['@q_next', panes.length > 1 ? '' : (nextAfter.get(only?.id ?? id) ?? '')],
      ]),
    )
    for (const pane of panes)
      options.set(pane.id, new Map([['@q_next', panes.length > 1 ? (nextAfter.get(pane.id) ?? '') : '']]))
  }
  return options
}

/** Each window's mark in its tab: of several sessions in it, that of the one that needs somebody first. */
function marksOf(state: State): Map<string, string> {
  const signs = new Map<string, string>()
  for (const status of statusesOf(state)) {
    const place = placeOf(state, status)
    if (!place || (place.displayed && waits(status) && !isGone(state, status))) continue
    const sign = signOf(state, status)
    const before = signs.get(place.window) ?? ''
    if (before === '' || rankOf(sign) < rankOf(before)) signs.set(place.window, sign)
  }
  return new Map([...signs].map(([window, sign]) => [window, urgent.includes(sign) ? yellow(sign) : sign]))
}

/** No sign comes last. */
function rankOf(sign: string): number {
  const at = order.indexOf(sign)
  return at === -1 ? order.length : at
}

const urgent = ['!', '✗', '●']
const order = [...urgent, '…', '-']

function signOf(state: State, status: WorkerStatus): string {
  // It sleeps, and waits for nobody.
  if (state.asleep.get(status.session) === status && status.state === 'exited') return ''
  if (isGone(state, status)) return '-'
  if (status.state === 'processing') return '…'
  if (!waits(status)) return ''
  return { input: '●', approval: '!', error: '✗' }[status.waitingFor ?? 'input']
}

/**
 * The commands that lead from what was sent to what is wanted; what is gone took its options along. What was never sent
 * is sent even when it is empty: an earlier controller may have left something there.
 */
export function optionCommands(sent: Options, wanted: Options): Command[] {
  return [...wanted].flatMap(([target, options]) =>
    [...options].flatMap(([name, value]) =>
      sent.get(target)?.get(name) === value ? [] : [setOption(target, name, value)],
    ),
  )
}
