import { urgencyOf } from '../domain/session.ts'
import { type WorkerStatus, waits } from '../domain/worker-status.ts'
import { isDisplayed, paneOf } from '../tmux/tmux-view.ts'
import { isGone, type State, statusesOf } from './reduce.ts'

/** A session that waits for a person. */
export interface WaitingSession {
  status: WorkerStatus
  /** Where tmux shows it; undefined for a status of a program outside the workspace. */
  place: ShownPlace | undefined
  /** On some attached terminal right now. */
  displayed: boolean
}

/** The sessions that wait, the most urgent first, and of those the longest wait. A wait ends when it is answered, not when it is looked at. */
export function waitingSessions(state: State): WaitingSession[] {
  return statusesOf(state)
    .filter((status) => waits(status) && !isGone(state, status))
    .sort(
      (a, b) =>
        urgencyOf(a.waitingFor) - urgencyOf(b.waitingFor) ||
        a.since - b.since ||
        (a.session < b.session ? -1 : 1),
    )
    .map((status) => {
      const place = placeOf(state, status)
      return { status, place, displayed: place?.displayed ?? false }
    })
}

/** Where tmux shows what a status is about. */
export interface ShownPlace {
  window: string
  /** `%12`; undefined for a program that is no session of ours and names its window only. */
  pane: string | undefined
  /** As a key goes there: `@7.%12`, `$5:@7.%12` in a tmux session that is not of the workspace, `@7` without a pane. */
  goal: string
  displayed: boolean
}

/** By the pane's own mark; for a program of somebody else's, by what its status file says, if that window is there. */
export function placeOf({ view }: Pick<State, 'view'>, status: WorkerStatus): ShownPlace | undefined {
  const pane = paneOf(view, status.session)
  if (pane) {
    const { id, window, home, inside } = pane
    return {
      window,
      pane: id,
      goal: `${inside ? '' : `${home}:`}${window}.${id}`,
      displayed: isDisplayed(view, pane),
    }
  }
  const window = view.windows.find(({ id }) => id === status.window)?.id
  if (window === undefined || view.panes.some((one) => one.window === window)) return undefined
  return {
    window,
    pane: undefined,
    goal: window,
    displayed: view.clients.some((one) => one.window === window),
  }
}
