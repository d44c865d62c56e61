import { UserError } from '../domain/errors.ts'
import { isName, numberedName, uniqueName } from '../domain/name.ts'
import { type Session, shortTypes } from '../domain/session.ts'
import { setOpen } from '../store/reopen.ts'
import { getSession, listSessions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import type { Workspace } from './context.ts'
import { requireRoom } from './open.ts'

export interface Reopened {
  session: Session
  /** It was open in this workspace already. */
  wasOpen: boolean
  /** Its old name, when that was taken. */
  renamedFrom: string | undefined
}

/**
 * Makes a closed session, or a plain chat, an open session of this workspace: under the limit, and under another name
 * when its own is taken. It has no window yet.
 * @throws UserError when it is open elsewhere, or there are `max_active_sessions` already
 */
export async function reopenSession(workspace: Workspace, wanted: Session): Promise<Reopened> {
  const { store, settings, name: here } = workspace
  return store.write(() => {
    const session = stored(store, wanted)
    if (session.status !== 'Completed' && session.workspace === here)
      return { session, wasOpen: true, renamedFrom: undefined }
    requireNotOpenElsewhere(workspace, session)
    const open = listSessions(store, { workspace: here })
    requireRoom(open.length, settings.sessions.max_active_sessions)
    const taken = (name: string): boolean => open.some((other) => other.name === name)
    const name = freeName(session, settings.sessions.name_max_length, taken)
    setOpen(store, session.id, here, name)
    const renamedFrom = name === session.name ? undefined : session.name
    return { session: stored(store, session), wasOpen: false, renamedFrom }
  })
}

/** Makes a closed session a plain chat, which is to be gone on with; an open one stays what it is. */
export async function reopenAsChat(store: Store, wanted: Session): Promise<void> {
  await store.write(() => {
    const session = stored(store, wanted)
    if (session.status === 'Completed') setOpen(store, session.id, null, session.name)
  })
}

function freeName(session: Session, maxLength: number, taken: (name: string) => boolean): string {
  const isNumbered = session.name.startsWith(`${shortTypes[session.type]}-`) && /-\d+$/.test(session.name)
  if (!isName(session.name) || (isNumbered && session.nameSource === 'auto' && taken(session.name)))
    return numberedName(session.type, taken)
  return uniqueName(session.name, Math.max(session.name.length, maxLength), taken)
}

function requireNotOpenElsewhere({ processes }: Workspace, session: Session): void {
  if (session.workspace !== null && session.status !== 'Completed') {
    throw new UserError(`${session.name} is open in the workspace ${session.workspace}`, {
      hint: `go there: q mux --workspace ${session.workspace} switch ${session.name}`,
    })
  }
  if (session.owner && processes.livenessOf(session.owner) !== 'gone') {
    throw new UserError(`${session.name} is open already, in process ${session.owner.pid}`, {
      hint: `leave it there (/quit), or see it: ps -p ${session.owner.pid}`,
    })
  }
}

function stored(store: Store, { id, name }: Session): Session {
  const session = getSession(store, id)
  if (!session) throw new UserError(`${name} is gone`, { hint: 'see the list: q mux list --all' })
  return session
}
