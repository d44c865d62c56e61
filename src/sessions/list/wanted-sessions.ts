import type { Session } from '../../domain/session.ts'
import { countSessions, listOpen, listOthers } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'

/** So many sessions that are not open are listed for people who ask for all. */
export const maxListed = 100

/** The sessions that a list is asked for, and how many more there are: with `all` at most `limit` besides the open ones. */
export function wantedSessions(
  store: Store,
  workspace: string,
  { all, limit }: { all: boolean; limit: number | undefined },
): { sessions: Session[]; more: number } {
  const open = listOpen(store, workspace)
  if (!all) return { sessions: open, more: 0 }
  const sessions = [...open, ...listOthers(store, workspace, limit)]
  return { sessions, more: countSessions(store) - sessions.length }
}
