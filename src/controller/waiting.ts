import { type WorkerStatus, waits } from '../domain/status.ts'
import { isGone, type State, statusesOf } from './reduce.ts'

/** A session that waits for a person. */
export interface WaitingSession {
  status: WorkerStatus
  /** Its window's tmux id; undefined for a status of a program outside the workspace. */
  window: string | undefined
  /** On some attached terminal right now. */
  displayed: boolean
}

/** The sessions that wait, the longest wait first. A wait ends when it is answered, not when it is looked at. */
export function waitingSessions(state: State): WaitingSession[] {
  const displayed = new Set(state.view.clients.map((client) => client.window))
  return statusesOf(state)
    .filter((status) => waits(status) && !isGone(state, status))
    .sort((a, b) => a.since - b.since || (a.session < b.session ? -1 : 1))
    .map((status) => {
      const window = windowOf(state, status)
      return { status, window, displayed: window !== undefined && displayed.has(window) }
    })
}

/** By the window's own mark; for a program of somebody else's, by what its status file says, if that window is there. */
export function windowOf(state: State, status: WorkerStatus): string | undefined {
  const windows = state.view.windows
  const own = windows.find((window) => window.session === status.session)
  return (own ?? windows.find((window) => window.session === '' && window.id === status.window))?.id
}
