import type { Block } from '../domain/message.ts'
import { insertMessage } from './messages.ts'
import type { Store } from './store.ts'

/** Queues a prompt for a session's worker; when this returns, it is kept whatever dies. Returns how many now wait. */
export async function enqueuePrompt(store: Store, id: string, text: string): Promise<number> {
  return store.write(() => {
    store.db
      .prepare('INSERT INTO prompts (conversation_id, content, created_at) VALUES (?, ?, ?)')
      .run(id, text, store.now())
    return countPrompts(store, id)
  })
}

export function countPrompts(store: Store, id: string): number {
  const row = store.read((db) =>
    db
      .prepare<unknown[], { n: number }>('SELECT count(*) AS n FROM prompts WHERE conversation_id = ?')
      .get(id),
  )
  return row?.n ?? 0
}

/** The oldest queued prompt; it stays queued until `takePrompt`. */
export function peekPrompt(store: Store, id: string): { promptId: number; text: string } | undefined {
  return store.read((db) =>
    db
      .prepare<unknown[], { promptId: number; text: string }>(
        'SELECT prompt_id AS promptId, content AS text FROM prompts WHERE conversation_id = ? ORDER BY prompt_id LIMIT 1',
      )
      .get(id),
  )
}

/** Moves a queued prompt into the conversation, in one transaction: a crash neither loses nor doubles it. */
export async function takePrompt(
  store: Store,
  id: string,
  promptId: number,
  /** What goes with it. */
  more: readonly Block[] = [],
): Promise<number | undefined> {
  return store.write(() => {
    const row = store.db
      .prepare<unknown[], { content: string }>('DELETE FROM prompts WHERE prompt_id = ? RETURNING content')
      .get(promptId)
    return row && insertMessage(store, id, 'user', [{ type: 'text', text: row.content }, ...more])
  })
}

/** Drops a queued prompt, one that was a command and is not said to the model. */
export async function dropPrompt(store: Store, promptId: number): Promise<void> {
  await store.write(() => store.db.prepare('DELETE FROM prompts WHERE prompt_id = ?').run(promptId))
}
