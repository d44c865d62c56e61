import { initialState, reduce, type State } from '../../src/controller/reduce.ts'
import type { WorkerStatus } from '../../src/domain/status.ts'
import type { SessionWindow, TmuxView } from '../../src/tmux/windows.ts'

/** The id of the session number `n`, as status files want it. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** Session `n` waits for an answer since `n` ms after the epoch, in window `@n`. */
export function waiting(n: number, facts: Partial<WorkerStatus> = {}): WorkerStatus {
  return {
    v: 1,
    session: idOf(n),
    name: `s${n}`,
    state: 'waiting',
    waitingFor: 'input',
    since: n,
    pid: 1000 + n,
    startTime: '1',
    window: null,
    detail: '',
    turn: 1,
    ...facts,
  }
}

/** Window `@n` of session `n`; `session: ''` makes it one of the user's own. */
export function windowAt(n: number, facts: Partial<SessionWindow> = {}): SessionWindow {
  return {
    id: `@${n}`,
    index: n,
    session: idOf(n),
    pane: `%${n}`,
    pid: 1000 + n,
    dead: false,
    asleep: false,
    death: '',
    name: `s${n}`,
    ...facts,
  }
}

export function stateOf(statuses: WorkerStatus[], view: Partial<TmuxView> = {}): State {
  const start = reduce(initialState, { type: 'view', view: { windows: [], clients: [], ...view } })
  return statuses.reduce(
    (state, status) => reduce(state, { type: 'status', session: status.session, status }),
    start,
  )
}
