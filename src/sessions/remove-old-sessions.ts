import { lstatSync } from 'node:fs'
import { UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { removeEvents } from '../store/events.ts'
import { deleteOldSession, oldClosedSessions, takeChore } from '../store/old-sessions.ts'
import { removeSessionFiles } from './files/remove-files.ts'
import { sessionDirectory } from './files/session-files.ts'
import type { Workspace } from './workspace/workspace-context.ts'

type Deps = Pick<Workspace, 'store' | 'processes' | 'settings' | 'now'>

const day = 24 * 60 * 60 * 1000

export interface CleanedUp {
  gone: Session[]
  /** Why the files of some of them are still there. */
  left: string[]
}

/** What `cleanUp` would take: sessions that the user closed more than `cleanup_after_days` ago and left alone since. */
export function oldSessions(deps: Deps): Session[] {
  const before = limitOf(deps)
  if (before === undefined) return []
  const old = oldClosedSessions(deps.store, before)
  const livenessOf = deps.processes.livenessAmong(old.flatMap(({ owner }) => owner ?? []))
  return old.filter(({ owner }) => !owner || livenessOf(owner) === 'gone')
}

/** Deletes old closed sessions with what was said in them and their own files. Open ones are never touched. */
export async function cleanUp(deps: Deps): Promise<CleanedUp> {
  const cleaned: CleanedUp = { gone: [], left: [] }
  const before = limitOf(deps)
  if (before === undefined) return cleaned
  await removeEvents(deps.store, before)
  for (const session of oldSessions(deps)) {
    if (!(await deleteOldSession(deps.store, session.id, before))) continue
    cleaned.gone.push(session)
    try {
      await removeSessionFiles(session)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      cleaned.left.push(error.message)
    }
  }
  return cleaned
}

/** The same, at most once a day whoever asks; undefined when it is not due or switched off. */
export async function cleanUpDaily(deps: Deps): Promise<CleanedUp | undefined> {
  if (limitOf(deps) === undefined || !(await takeChore(deps.store, 'cleanup', day))) return undefined
  return cleanUp(deps)
}

/** Where a session's own files lie, if it has any. */
export function filesOf(session: Session): string | undefined {
  try {
    const path = sessionDirectory(session)
    return lstatSync(path, { throwIfNoEntry: false }) ? path : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** ms since the epoch; undefined when cleaning up is off. */
function limitOf({ settings, now }: Deps): number | undefined {
  const days = settings.sessions.cleanup_after_days
  return days === 0 ? undefined : now() - days * day
}
