import { findByName } from '../domain/name.ts'
import type { Session } from '../domain/session.ts'
import { listSessions } from '../store/sessions.ts'
import type { Workspace } from './context.ts'

/**
 * The open session that a person means by a name, which may be shortened.
 * @throws UserError when there is none or several
 */
export function findSession(workspace: Pick<Workspace, 'store' | 'name'>, wanted: string): Session {
  return findByName(wanted, listSessions(workspace.store, { workspace: workspace.name }))
}
