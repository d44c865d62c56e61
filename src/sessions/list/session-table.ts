import type { SessionStatus, SessionType } from '../../domain/session.ts'
import { span } from '../../text/plain-text.ts'
import type { Style } from '../../text/style.ts'
import { clockTime } from '../../text/when.ts'
import type { SessionView } from './session-view.ts'

/** A status as lists show it. */
export const labels: Record<SessionStatus, string> = {
  Active: 'ACTIVE',
  WaitingForInput: 'WAITING',
  Processing: 'PROCESSING',
  Paused: 'PAUSED',
  Completed: 'COMPLETED',
}

/** A sign and a colour for each type, one cell wide in every terminal font. */
const typeSigns: Record<SessionType, { sign: string; word: string; colour: keyof Style }> = {
  Debug: { sign: '✱', word: 'debug', colour: 'red' },
  Planning: { sign: '◇', word: 'planning', colour: 'blue' },
  Development: { sign: '▸', word: 'development', colour: 'green' },
  CodeReview: { sign: '◎', word: 'review', colour: 'magenta' },
}

/**
 * The list of `/sessions` and `q mux list`: a line a session of at most `columns` cells, `*` before the one it is shown in
 * (or, from outside, the displayed ones). Behind the type stands whose program it is, where it is not our own chat.
 */
export function sessionLines(
  views: readonly SessionView[],
  here: string | undefined,
  now: number,
  style: Style,
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const width = Math.max(0, ...views.map((view) => view.name.length))
  return views.map((view) => {
    const mark = (here === undefined ? view.status === 'Active' : view.id === here) ? '*' : ' '
    const label = `[${labelOf(view)}]`.padEnd(12)
    const type = typeSigns[view.type]
    const name = style[type.colour](style.bold(view.name.padEnd(width)))
    // What goes before the facts, and the type behind them: a long reason is cut, so that a session has one line.
    const who = view.agent ?? ''
    const room = columns - (width + 17) - (type.word.length + 4) - (who === '' ? 0 : who.length + 2)
    const last = [
      style.dim(facts(view, now, room)),
      style[type.colour](`${type.sign} ${type.word}`),
      who === '' ? '' : style.dim(who),
    ]
    return `${mark} ${name}  ${colour(view, style)(label)} ${last.filter((part) => part !== '').join('  ')}`
  })
}

/** A session in which nothing was said yet waits for nobody, and one whose limit was reached for a moment that is known. */
function labelOf(view: SessionView): string {
  if (view.status === 'WaitingForInput' && view.waitingFor === null) return 'NEW'
  return view.status === 'WaitingForInput' && isLimited(view) ? 'LIMIT' : labels[view.status]
}

function isLimited({ waitingFor, until }: SessionView): boolean {
  return waitingFor === 'error' && until !== null
}

/** What goes before the detail: what it waits for, or until when. */
function beginning(view: SessionView, now: number): string {
  if (isLimited(view)) return `until ${clockTime(view.until ?? 0, now)}: `
  return view.waitingFor === 'approval' || view.waitingFor === 'error' ? `${view.waitingFor}: ` : ''
}

/** A request that rests says how long it still does. */
function detailOf({ detail, waitingFor, until }: SessionView, now: number): string {
  if (waitingFor !== null || until === null || until <= now) return detail
  return `${detail} (in ${span(until - now + 999)})`
}

function facts(view: SessionView, now: number, room: number): string {
  const why = beginning(view, now)
  const detail = detailOf(view, now)
  const age =
    view.status === 'Active' && view.waitingFor === null
      ? ''
      : span(now - (view.status === 'Completed' ? view.lastActive : view.since))
  const what = detail === '' ? why.replace(/: $/, '') : why + detail
  const least = Math.max(10, room - age.length - 3)
  const short = what.length > least ? `${what.slice(0, least - 1)}…` : what
  return [short, age].filter((part) => part !== '').join(' · ')
}

function colour(view: SessionView, style: Style): (text: string) => string {
  if (view.status === 'WaitingForInput' && view.waitingFor !== null) return style.yellow
  if (view.status === 'Processing') return style.cyan
  if (view.status === 'Active') return style.green
  return style.dim
}
