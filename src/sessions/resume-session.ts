import { UserError } from '../base/errors.ts'
import { textOf } from '../domain/message.ts'
import type { Session } from '../domain/session.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { readLastMessages } from '../store/messages.ts'
import { listAll } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { oneLine } from '../text/plain-text.ts'

/** A conversation that can be gone on with. */
export interface ResumeChoice {
  session: Session
  /** The last that was said in it, on one line; read when it is first asked for. */
  lastWords(): string
}

/**
 * The conversations in which something was said and that no process has open, newest first.
 * @throws UserError when nothing was said in any
 */
export function resumeChoices(store: Store, processes: Pick<ProcessTable, 'livenessAmong'>): ResumeChoice[] {
  const sessions = listAll(store).filter(({ messages }) => messages > 0)
  if (sessions.length === 0)
    throw new UserError('there is no conversation to continue', { hint: 'start one: q chat' })
  const livenessOf = processes.livenessAmong(sessions.flatMap(({ owner }) => owner ?? []))
  return sessions
    .filter(({ owner }) => !(owner && livenessOf(owner) !== 'gone'))
    .map((session) => {
      let words: string | undefined
      return { session, lastWords: () => (words ??= lastWordsOf(store, session.id)) }
    })
}

function lastWordsOf(store: Store, id: string): string {
  const words = readLastMessages(store, id, 3).map((message) => oneLine(textOf(message), 120))
  return words.findLast((line) => line !== '') ?? ''
}
