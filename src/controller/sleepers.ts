import type { WorkerStatus } from '../domain/worker-status.ts'
import { isDisplayed, paneOf } from '../tmux/tmux-view.ts'
import { isGone, type State } from './reduce.ts'

/** Has workers end that nobody looks at or needs: their sessions sleep until they are looked at or prompted. */
export interface Sleepers {
  /** Who waits, or what is displayed, may be others than before. */
  follow(state: State): void
  /** The time after which they sleep may be another one. */
  reset(): void
  close(): void
}

interface SleepersDeps {
  /** How long a session rests before it sleeps, in ms, as it is now; 0: for ever. */
  restMs(): number
  /** ms since the epoch. */
  now(): number
  /** Asks a worker to end; it does not while somebody has typed something or there is something to do. */
  ask(session: string): void
}

/**
 * One timer, for the next moment at which a session may have rested long enough: whoever begins to rest later is due
 * later. One worker stays awake in any case, as somebody has to notice when the controller is killed.
 */
export function createSleepers({ restMs, now, ask }: SleepersDeps): Sleepers {
  const began = now()
  /** When a session was displayed last, or asked to sleep. */
  const usedAt = new Map<string, number>()
  let latest: State | undefined
  let timer: NodeJS.Timeout | undefined

  return {
    follow(state) {
      if (state.view !== latest?.view) {
        // What is displayed no longer was so until now.
        if (latest) noteDisplayed(latest.view)
        noteDisplayed(state.view)
      }
      latest = state
      begin()
    },
    reset() {
      close()
      begin()
    },
    close,
  }

  function noteDisplayed(view: State['view']): void {
    for (const pane of view.panes) if (isDisplayed(view, pane)) usedAt.set(pane.session, now())
  }

  /** Nobody is due before a rest is over that begins now, or began with the controller. */
  function begin(): void {
    const rest = restMs()
    if (timer || rest === 0) return
    const first = began + rest - now()
    arm(first > 0 ? first : rest)
  }

  function arm(ms: number): void {
    timer = setTimeout(due, ms)
    timer.unref()
  }

  function due(): void {
    timer = undefined
    const rest = restMs()
    if (!latest || rest === 0) return
    const tired = resting(latest).filter(({ since }) => since + rest <= now())
    const last = tired.length < workersOf(latest).length ? undefined : tired.at(-1)
    for (const one of tired) {
      usedAt.set(one.status.session, now())
      if (one !== last) ask(one.status.session)
    }
    const [next] = resting(latest)
    if (next) arm(Math.max(0, next.since + rest - now()))
  }

  /** The sessions whose worker has nothing to do and that nobody sees, the longest rest first; `since` in ms since the epoch. */
  function resting(state: State): { status: WorkerStatus; since: number }[] {
    return workersOf(state)
      .filter((status) => {
        const pane = paneOf(state.view, status.session)
        return (
          status.state === 'waiting' &&
          status.waitingFor !== 'approval' &&
          pane &&
          !isDisplayed(state.view, pane)
        )
      })
      .map((status) => ({ status, since: Math.max(status.since, usedAt.get(status.session) ?? began) }))
      .sort((a, b) => a.since - b.since)
  }

  function close(): void {
    clearTimeout(timer)
    timer = undefined
  }
}

/** The workers in panes of ours that live, as far as is known. */
function workersOf(state: State): WorkerStatus[] {
  return [...state.statuses.values()].filter((status) => {
    const pane = paneOf(state.view, status.session)
    return pane && !pane.dead && !pane.asleep && !isGone(state, status)
  })
}
