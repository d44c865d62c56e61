import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { readStatus } from '../../src/status/status-files.ts'
import type { Lab } from '../support/lab.ts'
import { until } from '../support/until.ts'

/** What was played, and what its session said of it. */
export interface Played {
  what: string
  /** How often the truth changed. */
  changes: number
  /** How often the session said something else 2 s after that. */
  wrong: number
  /** The longest time from a change to the session's saying so, in ms. */
  slowest: number
}

/** `waiting input`, `waiting approval`, `waiting error`, `processing`, `exited`. */
export type State = string

export interface Referee {
  played: Played[]
  /** Waits until something is true, and then looks whether the session says so within 2 s. */
  changes(what: string, truth: () => boolean | Promise<boolean>, state: State): Promise<void>
  /** The session as it is listed now. */
  session(): Promise<SessionView>
}

/** So long a session may take to say what is true, in ms. */
const allowance = 2000

/** Compares what the session `agent` says with the truth. */
export function createReferee(lab: Lab): Referee {
  const played: Played[] = []
  let id = ''
  return {
    played,
    async changes(what, truth, state) {
      await until(truth, { what })
      const began = performance.now()
      id ||= (await session()).id
      let took: number | undefined
      // What comes late is waited for, so that one wrong state is not counted for those after it.
      while (took === undefined && performance.now() - began < 20_000) {
        if (stateOf(id) === state) took = performance.now() - began
        else await sleep(10)
      }
      const row = played.find((one) => one.what === what) ?? { what, changes: 0, wrong: 0, slowest: 0 }
      if (row.changes === 0) played.push(row)
      row.changes += 1
      row.slowest = Math.max(row.slowest, took ?? Number.POSITIVE_INFINITY)
      if (took === undefined || took > allowance) {
        row.wrong += 1
        process.stdout.write(`WRONG ${what}: ${stateOf(id)} in place of ${state} (${took ?? 'never'})\n`)
      }
    },
    session,
  }

  async function session(): Promise<SessionView> {
    const found = (await lab.list()).sessions.find(({ name }) => name === 'agent')
    if (!found) throw new Error('Expected a session called agent')
    return found
  }

  function stateOf(session: string): State {
    const parsed = readStatus(lab.statusDir, session)
    if (!parsed?.ok) return 'none'
    const { state, waitingFor } = parsed.status
    return waitingFor === null ? state : `${state} ${waitingFor}`
  }
}
