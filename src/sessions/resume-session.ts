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
  /** The last that was said in it, on one line. */
  lastWords: string
}

/** The conversations in which something was said and that no process has open, newest first. */
export function resumeChoices(store: Store, processes: ProcessTable): ResumeChoice[] {
  const sessions = listAll(store)
  const livenessOf = processes.livenessAmong(sessions.flatMap(({ owner }) => owner ?? []))
  return sessions
    .filter(({ messages, owner }) => messages > 0 && !(owner && livenessOf(owner) !== 'gone'))
    .map((session) => ({ session, lastWords: lastWordsOf(store, session.id) }))
}

function lastWordsOf(store: Store, id: string): string {
  const words = readLastMessages(store, id, 3).map((message) => oneLine(textOf(message), 120))
  return words.findLast((line) => line !== '') ?? ''
}
