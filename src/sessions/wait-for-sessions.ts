import { UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { readAllStatuses } from '../status/status-files.ts'
import { countPrompts } from '../store/prompts.ts'
import { getSession, listOpen } from '../store/sessions.ts'
import { type SessionView, viewSessions } from './list/session-view.ts'
import { watchChanges } from './watch-changes.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** What a session can be waited for; `done`: it is closed, or its program ended. */
export const awaitedStates = ['input', 'approval', 'error', 'done'] as const
export type AwaitedState = (typeof awaitedStates)[number]

export interface WaitRequest {
  /** undefined: the open ones of the workspace, as they are from moment to moment. */
  sessions: readonly Session[] | undefined
  states: ReadonlySet<AwaitedState>
  /** Every one of them, and not the first. */
  all: boolean
  /** undefined: for ever. */
  timeoutMs: number | undefined
}

export interface Met {
  name: string
  state: AwaitedState
}

/**
 * Waits until a session is in one of some states: those that are in one by then, or undefined when the time is up. A prompt
 * that was accepted and is not answered counts as work: who sends and then waits never gets the answer before.
 * @throws UserError when no session is open
 */
export async function waitForSessions(
  workspace: Workspace,
  { sessions, states, all, timeoutMs }: WaitRequest,
): Promise<Met[] | undefined> {
  const timeUp = new AbortController()
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => timeUp.abort(), timeoutMs)
  try {
    for await (const _ of watchChanges(workspace, timeUp.signal)) {
      const now = await statesOf(workspace, sessions)
      if (now.length === 0)
        throw new UserError('no session is open', { hint: 'start one: q mux, or q mux new NAME' })
      const met = now.flatMap(({ name, state }) => (state && states.has(state) ? [{ name, state }] : []))
      if (all ? met.length === now.length : met.length > 0) return met
    }
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** The state of each session that can be waited for; undefined while it works, or where nothing was said yet. */
export async function statesOf(
  workspace: Workspace,
  wanted: readonly Session[] | undefined,
): Promise<{ name: string; state: AwaitedState | undefined }[]> {
  const { store, paths, name } = workspace
  // Before the sessions: what is counted of a session is then never older than what its worker says.
  const { statuses } = readAllStatuses(paths.statusDir)
  const sessions = wanted
    ? wanted.map((session) => getSession(store, session.id) ?? { ...session, status: 'Completed' as const })
    : listOpen(store, name)
  const views = await viewSessions(workspace, sessions)
  return views.map((view) => {
    const said = view.pid === null ? undefined : statuses.get(view.id)?.turn
    const isAsked = countPrompts(store, view.id) > 0 || (said !== undefined && said < view.turn)
    return { name: view.name, state: isAsked ? undefined : stateOf(view) }
  })
}

function stateOf({ status, waitingFor, pid, asleep, window }: SessionView): AwaitedState | undefined {
  if (status === 'Completed') return 'done'
  if (waitingFor !== null) return waitingFor
  // Its window is there, and its program is not.
  return pid === null && !asleep && window !== null ? 'done' : undefined
}
