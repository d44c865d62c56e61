import type { Block } from '../domain/message.ts'
import { insertMessage } from './messages.ts'
import type { Store } from './store.ts'

/** A prompt that somebody gave to a session from elsewhere. */
export interface QueuedPrompt {
  promptId: number
  text: string
  /** A line that may be a slash command; else it is nothing but a prompt, whatever it says. */
  mayBeCommand: boolean
}

/** Queues a prompt for a session's worker; when this returns, it is kept whatever dies. Returns how many now wait. */
export async function enqueuePrompt(
  store: Store,
  id: string,
  text: string,
  mayBeCommand = false,
): Promise<number> {
  return store.write(() => {
    store.db
      .prepare(
        'INSERT INTO prompts (conversation_id, content, may_be_command, created_at) VALUES (?, ?, ?, ?)',
      )
      .run(id, text, mayBeCommand ? 1 : 0, store.now())
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
export function peekPrompt(store: Store, id: string): QueuedPrompt | undefined {
  const row = store.read((db) =>
    db
      .prepare<unknown[], { promptId: number; text: string; mayBeCommand: number }>(
        `SELECT prompt_id AS promptId, content AS text, may_be_command AS mayBeCommand
         FROM prompts WHERE conversation_id = ? ORDER BY prompt_id LIMIT 1`,
      )
      .get(id),
  )
  return row && { ...row, mayBeCommand: row.mayBeCommand === 1 }
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
