import { initialState, reduce, type State } from '../../src/controller/reduce.ts'
import type { WorkerStatus } from '../../src/domain/worker-status.ts'
import { emptyView, type SessionPane, type TmuxView } from '../../src/tmux/tmux-view.ts'

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

/** The pane `%n` of session `n`, alone in the window `@n` of the workspace `$1`. */
export function paneAt(n: number, facts: Partial<SessionPane> = {}): SessionPane {
  return {
    id: `%${n}`,
    session: idOf(n),
    window: `@${n}`,
    home: '$1',
    inside: true,
    pid: 1000 + n,
    dead: false,
    asleep: false,
    asks: false,
    death: '',
    hidden: false,
    marked: true,
    ...facts,
  }
}

/** The workspace with these panes in their windows, and `others`, windows of the user's own. */
export function viewOf(
  panes: readonly SessionPane[],
  facts: { others?: number[] } & Partial<TmuxView> = {},
): TmuxView {
  const { others = [], ...rest } = facts
  const numbers = [...new Set([...panes.map(({ window }) => Number(window.slice(1))), ...others])]
  return {
    ...emptyView,
    members: [{ id: '$1', name: 'q', runtime: '/run', group: '', sound: true }],
    windows: numbers.map((n) => ({
      id: `@${n}`,
      inside: true,
      panes: 1,
      namesItself: false,
      index: n,
      name: `s${n}`,
      holds: '',
    })),
    panes: [...panes],
    ...rest,
  }
}

export function stateOf(statuses: WorkerStatus[], view: TmuxView = viewOf([])): State {
  const start = reduce(initialState, { type: 'view', view })
  return statuses.reduce(
    (state, status) => reduce(state, { type: 'status', session: status.session, status }),
    start,
  )
}
