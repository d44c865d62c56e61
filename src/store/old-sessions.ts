import type { Session } from '../domain/session.ts'
import { getSession } from './sessions.ts'
import type { Store } from './store.ts'

const isOld = "session_status = 'Completed' AND closed = 1 AND max(status_since, last_active) < @before"

/** Sessions that the user closed, and that were neither closed nor used since `before`; the oldest first. */
export function oldClosedSessions(store: Store, before: number): Session[] {
  return store.db
    .prepare<unknown[], { id: string }>(
      `SELECT conversation_id AS id FROM conversations WHERE ${isOld} ORDER BY max(status_since, last_active)`,
    )
    .all({ before })
    .flatMap(({ id }) => getSession(store, id) ?? [])
}

/** Deletes one of them with all that was said in it. Returns false when it was opened again meanwhile. */
export async function deleteOldSession(store: Store, id: string, before: number): Promise<boolean> {
  return store.write(
    () =>
      store.db
        .prepare(`DELETE FROM conversations WHERE conversation_id = @id AND ${isOld}`)
        .run({ id, before }).changes === 1,
  )
}

/** Whether something that is done every so often is due; it then counts as done, and nobody else does it. */
export async function takeChore(store: Store, name: string, every: number): Promise<boolean> {
  return store.write(() => {
    const now = store.now()
    const row = store.db
      .prepare<unknown[], { done_at: number }>('SELECT done_at FROM chores WHERE name = ?')
      .get(name)
    // A clock that was ahead must not put it off for long.
    if (row && row.done_at <= now && now - row.done_at < every) return false
    store.db.prepare('INSERT OR REPLACE INTO chores (name, done_at) VALUES (?, ?)').run(name, now)
    return true
  })
}
