import type { WorkerStatus } from '../domain/worker-status.ts'
import { emptyView, type TmuxView } from '../tmux/tmux-view.ts'

/** All that the controller knows; each part can be read again at any time. */
export interface State {
  statuses: ReadonlyMap<string, WorkerStatus>
  /** Sessions whose worker was found dead, by the pid that died. */
  gone: ReadonlyMap<string, number>
  view: TmuxView
  /** Sessions that sleep in their panes, as they were left; their processes are none. */
  asleep: ReadonlyMap<string, WorkerStatus>
}

export type Event =
  /** A status file was read; undefined: it is not there or not usable. */
  | { type: 'status'; session: string; status: WorkerStatus | undefined }
  | { type: 'gone'; session: string; pid: number }
  | { type: 'view'; view: TmuxView }
  | { type: 'asleep'; asleep: ReadonlyMap<string, WorkerStatus> }

export const initialState: State = {
  statuses: new Map(),
  gone: new Map(),
  view: emptyView,
  asleep: new Map(),
}

/** The next state. Pure, and the same object when nothing changed. */
export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'status': {
      if (same(event.status, state.statuses.get(event.session))) return state
      const statuses = new Map(state.statuses)
      if (event.status === undefined) statuses.delete(event.session)
      else statuses.set(event.session, event.status)
      return { ...state, statuses }
    }
    case 'gone':
      if (state.gone.get(event.session) === event.pid) return state
      return { ...state, gone: new Map(state.gone).set(event.session, event.pid) }
    case 'view':
      return { ...state, view: event.view }
    case 'asleep':
      return { ...state, asleep: event.asleep }
  }
}

/** What each session does: what its worker says, or how it was left where it sleeps and no worker lives. */
export function statusesOf(state: State): WorkerStatus[] {
  const said = [...state.statuses.values()].filter(
    (status) => !state.asleep.has(status.session) || !isGone(state, status),
  )
  const awake = new Set(said.map((status) => status.session))
  return [...said, ...[...state.asleep.values()].filter((status) => !awake.has(status.session))]
}

/** Whether the process that wrote a session's last status is known to be dead. */
export function isGone(state: State, status: WorkerStatus): boolean {
  if (state.asleep.get(status.session) === status) return status.state === 'exited'
  return status.state === 'exited' || state.gone.get(status.session) === status.pid
}

/** Both were read by the same parser, which gives their fields one order. */
function same(a: WorkerStatus | undefined, b: WorkerStatus | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
