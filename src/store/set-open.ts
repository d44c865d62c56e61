import { recordEvent } from './events.ts'
import type { Store } from './store.ts'

/**
 * Makes a session an open one of a workspace, as its last, or with `null` a plain chat. Runs inside a transaction of the
 * caller's, which checks the limit and the name.
 */
export function setOpen(store: Store, id: string, workspace: string | null, name: string): void {
  store.db
    .prepare(
      `UPDATE conversations SET session_status = 'Paused', waiting_for = NULL, closed = 0, status_since = @now,
         last_active = @now, session_name = @name, workspace = @workspace,
         position = (SELECT coalesce(max(position), 0) + 1 FROM conversations
           WHERE workspace IS @workspace AND session_status <> 'Completed')
       WHERE conversation_id = @id`,
    )
    .run({ id, workspace, name, now: store.now() })
  recordEvent(store, id, 'opened')
}
