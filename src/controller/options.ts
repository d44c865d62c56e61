import type { WorkerStatus } from '../domain/status.ts'
import { renderCorner, renderLines, yellow } from './corner.ts'
import { isGone, type State, statusesOf } from './reduce.ts'
import { waitingSessions, windowOf } from './waiting.ts'

/** The tmux options that the controller keeps: of the session under '', of a window under its id, then by name. */
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
    .map(({ status }) => ({ name: status.name, approval: status.waitingFor === 'approval' }))
  const windows = waiting.flatMap((one) => (one.window === undefined ? [] : [one.window]))
  const corner = renderCorner(names, layout.max)

  const session = new Map([
    ['@q_waiting', corner.full],
    ['@q_corner', corner.fit],
    ['@q_next', windows[0] ?? ''],
  ])
  const lines = renderLines(layout.max === 0 ? [] : names, layout.lines)
  for (let line = 1; line <= layout.lines; line += 1) session.set(`@q_line_${line}`, lines[line - 1] ?? '')

  const options = new Map<string, ReadonlyMap<string, string>>([['', session]])
  const statuses = new Map(statusesOf(state).map((status) => [windowOf(state, status), status]))
  const displayed = new Set(waiting.flatMap((one) => (one.displayed ? [one.window] : [])))
  for (const { id } of state.view.windows) {
    const status = statuses.get(id)
    const at = windows.indexOf(id)
    options.set(
      id,
      new Map([
        ['@q_mark', status && !displayed.has(id) ? markOf(state, status) : ''],
        // From a waiting window the next jump goes to the one that waits next longest, and from the last to the first.
        ['@q_next', at === -1 ? '' : (windows[(at + 1) % windows.length] ?? '')],
      ]),
    )
  }
  return options
}

/** A window's mark in its tab. */
function markOf(state: State, status: WorkerStatus): string {
  if (isGone(state, status)) return '-'
  if (status.state === 'processing') return '…'
  if (status.state !== 'waiting' || (status.turn === 0 && status.waitingFor === 'input')) return ''
  const sign = { input: '●', approval: '!', error: '✗' }[status.waitingFor ?? 'input']
  return yellow(sign)
}

/**
 * The commands that lead from what was sent to what is wanted; a window that is gone took its options along. What was
 * never sent is sent even when it is empty: an earlier controller may have left something there.
 */
export function optionCommands(session: string, sent: Options, wanted: Options): string[][] {
  const commands: string[][] = []
  for (const [window, options] of wanted) {
    const where = window === '' ? ['-t', session] : ['-w', '-t', window]
    for (const [name, value] of options) {
      if (sent.get(window)?.get(name) === value) continue
      commands.push(
        value === '' ? ['set-option', '-u', ...where, name] : ['set-option', ...where, name, value],
      )
    }
  }
  return commands
}
