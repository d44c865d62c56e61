import { UserError } from '../base/errors.ts'
import type { Block } from '../domain/message.ts'
import { appendMessage } from '../store/messages.ts'
import { dropPrompt, takePrompt } from '../store/prompts.ts'
import type { Store } from '../store/store.ts'
import type { SessionFiles } from './attached-files.ts'
import type { Reporter } from './status/reporter.ts'

export interface CommitDeps {
  store: Store
  /** The session. */
  id: string
  files: SessionFiles
  reporter: Pick<Reporter, 'report'>
  /** What the model is told besides. */
  also: readonly Block[]
  /** Hears what went along with the prompt, a line each. */
  note(line: string): void
}

/**
 * Commits a prompt with the files that it names, before anything is sent: that is what acknowledged means. `promptId`: it
 * was sent from elsewhere and is taken out of the queue; undefined comes back when it was taken back meanwhile. `typed`: false
 * where some of it was pasted.
 * @throws UserError when its files cannot go along
 */
export async function commitPrompt(
  deps: CommitDeps,
  text: string,
  promptId: number | undefined,
  typed = true,
): Promise<number | undefined> {
  const { store, id, files, also, note } = deps
  if (promptId === undefined) {
    const { blocks, notes } = await files.attach(text, typed ? 'typed' : 'sent')
    const seq = await appendMessage(store, id, 'user', [{ type: 'text', text }, ...blocks, ...also])
    notes.forEach(note)
    return seq
  }
  try {
    const { blocks, notes } = await files.attach(text, 'sent')
    const taken = await takePrompt(store, id, promptId, [...blocks, ...also])
    if (taken !== undefined) notes.forEach(note)
    return taken
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // Its files are not there: left in the queue, it would come up again for ever.
    await dropPrompt(store, promptId)
    await deps.reporter.report('waiting', { waitingFor: 'error', detail: error.message })
    throw error
  }
}
