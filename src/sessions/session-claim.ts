import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../base/errors.ts'
import type { ProcessId, Session } from '../domain/session.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { claimSession, getSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { type WorkingDirectory, workingDirectory } from './files/working-directory.ts'

/**
 * Takes a conversation for this process; one that ends right now is waited for, `patienceMs` ms at most.
 * `woken`: it slept until now, which is recorded.
 * @throws UserError when another living process has it
 */
export async function claim(
  store: Store,
  id: string,
  me: ProcessId,
  { livenessOf }: ProcessTable,
  { patienceMs = 0, woken = false }: { patienceMs?: number; woken?: boolean } = {},
): Promise<Session> {
  const lives = (other: ProcessId): boolean => livenessOf(other) !== 'gone'
  let owner = await claimSession(store, id, me, lives, woken)
  for (let waited = 0; owner && waited < patienceMs; waited += pauseMs) {
    await sleep(pauseMs)
    owner = await claimSession(store, id, me, lives, woken)
  }
  const session = getSession(store, id)
  if (!session) throw new UserError(`there is no session ${id}`, { hint: 'see the list: q mux list --all' })
  if (!owner) return session
  const frozen = livenessOf(owner) === 'frozen' ? ', which is frozen' : ''
  throw new UserError(`${session.name} is open already, in process ${owner.pid}${frozen}`, {
    hint: session.workspace ? `go there: q mux switch ${session.name}` : `see it: ps -p ${owner.pid}`,
  })
}

const pauseMs = 25

/** A session that was taken, with where it works: its `cwd` is that directory, also after it chose another. */
export function settle(claimed: Session): { session: Session; directory: WorkingDirectory } {
  const directory = workingDirectory(claimed.cwd)
  const session = Object.defineProperty({ ...claimed }, 'cwd', { get: directory.path, enumerable: true })
  return { session, directory }
}
