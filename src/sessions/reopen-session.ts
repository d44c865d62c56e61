import { UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { type GivenNames, isName, isNumbered, numberedName, uniqueName } from '../domain/session-name.ts'
import { borneNames } from '../store/borne-names.ts'
import { getSession, listOpen, meantBefore } from '../store/sessions.ts'
import { setOpen } from '../store/set-open.ts'
import type { Store } from '../store/store.ts'
import { requireRoom } from './open-session.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export interface Reopened {
  session: Session
  /** It was open in this workspace already. */
  wasOpen: boolean
  /** Its old name, when that means another open session. */
  renamedFrom: string | undefined
  /** The session that its name, which its user chose, meant until now. */
  before: Session | undefined
}

/**
 * Makes a closed session, or a plain chat, an open session of this workspace: under the limit, and under another name
 * when its own means another one that is open. It has no window yet.
 * @throws UserError when it is open elsewhere, or there are `max_active_sessions` already
 */
export async function reopenSession(workspace: Workspace, wanted: Session): Promise<Reopened> {
  const { store, settings, name: here } = workspace
  return store.write(() => {
    const session = stored(store, wanted)
    if (session.status !== 'Completed' && session.workspace === here)
      return { session, wasOpen: true, renamedFrom: undefined, before: undefined }
    requireNotOpenElsewhere(workspace, session)
    const open = listOpen(store, here)
    requireRoom(open.length, settings.sessions.max_active_sessions)
    const before = meantBefore(store, session.name, here, session.id)
    const meansOther = open.some(
      ({ id, name }) => name === session.name || (session.nameSource === 'auto' && id === before?.id),
    )
    const name =
      isName(session.name) && !meansOther
        ? session.name
        : freeName(session, settings.sessions.name_max_length, borneNames(store, here, session.id))
    setOpen(store, session.id, here, name)
    const renamedFrom = name === session.name ? undefined : session.name
    return {
      session: stored(store, session),
      wasOpen: false,
      renamedFrom,
      before: renamedFrom === undefined ? before : undefined,
    }
  })
}

/** Makes a closed session a plain chat, which is to be gone on with; an open one stays what it is. */
export async function reopenAsChat(store: Store, wanted: Session): Promise<void> {
  await store.write(() => {
    const session = stored(store, wanted)
    if (session.status === 'Completed') setOpen(store, session.id, null, session.name)
  })
}

function freeName({ name, nameSource, type }: Session, maxLength: number, given: GivenNames): string {
  if (!isName(name) || (isNumbered(name, type) && nameSource === 'auto')) return numberedName(type, given)
  return uniqueName(name, Math.max(name.length, maxLength), (other) => other === name || given.taken(other))
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
