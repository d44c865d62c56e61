import { paneOf } from '../tmux/tmux-view.ts'
import { isGone, type State } from './reduce.ts'

/**
 * Has each window whose worker died without saying so told of it, once a death. A window in which the dead worker is still
 * the last that ran is told; one that runs something else knows already.
 * @param workerDied has the window of a session say how to get its worker back
 */
export function createDeaths(workerDied: (session: string, state: State) => void): (state: State) => void {
  /** Of each session, the process whose death its window was told of. */
  const reported = new Map<string, number>()

  return (state) => {
    for (const status of state.statuses.values()) {
      const { session, pid } = status
      if (status.state === 'exited' || !isGone(state, status)) continue
      const pane = paneOf(state.view, session)
      if (!pane || pane.asleep || reported.get(session) === pid) continue
      if (pane.pid !== undefined && pane.pid !== pid) continue
      reported.set(session, pid)
      workerDied(session, state)
    }
  }
}
