import type { Store } from './store.ts'

/** Where a model's memory of a conversation begins, and a summary of what was before, unless that is forgotten. */
export interface MemoryRecord {
  beginsAt: number
  summary: string | undefined
}

/** What the user changed about a session's context files; `path` is absolute, `glob` a pattern below it. */
export interface ContextChangeRecord {
  action: 'add' | 'remove'
  path: string
  glob: string | undefined
}

/** undefined: the model remembers the whole conversation. */
export function readMemory(store: Store, id: string): MemoryRecord | undefined {
  const row = store.read((db) =>
    db
      .prepare<unknown[], { begins_at: number; summary: string | null }>(
        'SELECT begins_at, summary FROM memories WHERE conversation_id = ? ORDER BY memory_id DESC LIMIT 1',
      )
      .get(id),
  )
  return row && { beginsAt: row.begins_at, summary: row.summary ?? undefined }
}

/** From now on the model remembers this. What was said stays as it is. */
export async function setMemory(store: Store, id: string, memory: MemoryRecord): Promise<void> {
  await store.write(() => insertMemory(store, id, memory))
}

/** The model forgets what was said so far. Returns false, and changes nothing, when it remembers nothing. */
export async function forget(store: Store, id: string): Promise<boolean> {
  return store.write(() => {
    const last = store.db
      .prepare<unknown[], { seq: number }>(
        'SELECT coalesce(max(seq), 0) AS seq FROM messages WHERE conversation_id = ?',
      )
      .get(id)
    const beginsAt = (last?.seq ?? 0) + 1
    const memory = readMemory(store, id)
    if ((memory?.beginsAt ?? 1) >= beginsAt && memory?.summary === undefined) return false
    insertMemory(store, id, { beginsAt, summary: undefined })
    return true
  })
}

/** In the order in which they were made. */
export function readContextChanges(store: Store, id: string): ContextChangeRecord[] {
  return store
    .read((db) =>
      db
        .prepare<unknown[], { action: 'add' | 'remove'; path: string; glob: string }>(
          'SELECT action, path, glob FROM context_changes WHERE conversation_id = ? ORDER BY change_id',
        )
        .all(id),
    )
    .map(({ action, path, glob }) => ({ action, path, glob: glob === '' ? undefined : glob }))
}

/** Makes changes, each in place of an older one about the same path or pattern. */
export async function changeContext(
  store: Store,
  id: string,
  changes: readonly ContextChangeRecord[],
): Promise<void> {
  await store.write(() => {
    for (const { action, path, glob = '' } of changes) {
      const key = [id, path, glob]
      store.db
        .prepare('DELETE FROM context_changes WHERE conversation_id = ? AND path = ? AND glob = ?')
        .run(key)
      store.db
        .prepare('INSERT INTO context_changes (conversation_id, path, glob, action) VALUES (?, ?, ?, ?)')
        .run(...key, action)
    }
  })
}

function insertMemory(store: Store, id: string, { beginsAt, summary }: MemoryRecord): void {
  store.db
    .prepare('INSERT INTO memories (conversation_id, begins_at, summary, created_at) VALUES (?, ?, ?, ?)')
    .run(id, beginsAt, summary ?? null, store.now())
}
