import { statSync } from 'node:fs'
import { UserError } from '../domain/errors.ts'
import type { ProcessId, Session } from '../domain/session.ts'
import { livenessOf } from '../status/process.ts'
import { claimSession, getSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'

/** Takes a conversation for this process. @throws UserError when another living process has it */
export async function claim(store: Store, id: string, me: ProcessId): Promise<Session> {
  const owner = await claimSession(store, id, me, (other) => livenessOf(other) !== 'gone')
  const session = getSession(store, id)
  if (!session) throw new UserError(`there is no session ${id}`, { hint: 'see the list: q mux list --all' })
  if (!owner) return session
  const frozen = livenessOf(owner) === 'frozen' ? ', which is frozen' : ''
  throw new UserError(`${session.name} is open already, in process ${owner.pid}${frozen}`, {
    hint: session.workspace ? `go there: q mux switch ${session.name}` : `see it: ps -p ${owner.pid}`,
  })
}

/** The session's own directory, or the present one when that is gone. */
export function startDirectory(cwd: string): string {
  return statSync(cwd, { throwIfNoEntry: false })?.isDirectory() ? cwd : process.cwd()
}
