import type { SessionStatus } from '../domain/session.ts'
import type { Style } from '../domain/style.ts'
import { span } from '../domain/text.ts'
import type { SessionView } from './view.ts'

/** A status as lists show it. */
export const labels: Record<SessionStatus, string> = {
  Active: 'ACTIVE',
  WaitingForInput: 'WAITING',
  Processing: 'PROCESSING',
  Paused: 'PAUSED',
  Completed: 'COMPLETED',
}

/**
 * The list of `/sessions` and `q mux list`: a line a session, `*` before the one it is shown in (or, from outside, the
 * displayed ones).
 */
export function sessionLines(
  views: readonly SessionView[],
  here: string | undefined,
  now: number,
  style: Style,
): string[] {
  const width = Math.max(0, ...views.map((view) => view.name.length))
  return views.map((view) => {
    const mark = (here === undefined ? view.status === 'Active' : view.id === here) ? '*' : ' '
    const label = `[${labelOf(view)}]`.padEnd(12)
    return `${mark} ${style.bold(view.name.padEnd(width))}  ${colour(view, style)(label)} ${style.dim(facts(view, now))}`.trimEnd()
  })
}

/** A session in which nothing was said yet waits for nobody. */
function labelOf(view: SessionView): string {
  return view.status === 'WaitingForInput' && view.waitingFor === null ? 'NEW' : labels[view.status]
}

function facts(view: SessionView, now: number): string {
  const why = view.waitingFor === 'approval' || view.waitingFor === 'error' ? `${view.waitingFor}: ` : ''
  const age = view.status === 'Active' && view.waitingFor === null ? '' : span(now - view.since)
  const what = view.detail === '' ? why.replace(': ', '') : why + view.detail
  return [what, age].filter((part) => part !== '').join(' · ')
}

function colour(view: SessionView, style: Style): (text: string) => string {
  if (view.status === 'WaitingForInput' && view.waitingFor !== null) return style.yellow
  if (view.status === 'Processing') return style.cyan
  if (view.status === 'Active') return style.green
  return style.dim
}
