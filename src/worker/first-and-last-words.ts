import { readLastExchange } from '../store/messages.ts'
import { readMemory } from '../store/model-memory.ts'
import { getSession } from '../store/sessions.ts'
import { recap } from './recap.ts'
import type { WorkerDeps } from './worker-deps.ts'

/** What is said above the first prompt: the last exchange, and whether the model remembers it. */
export function firstWords({ store, style, session }: WorkerDeps): string[] {
  const messages = readLastExchange(store, session.id)
  const last = messages.at(-1)
  const cleared = last !== undefined && (readMemory(store, session.id)?.beginsAt ?? 0) > last.seq
  return [
    ...recap(messages, style),
    ...(cleared ? [style.dim('(cleared: the model does not remember this)')] : []),
  ]
}

/** What is said when the session is left: whether it is open, and how to come back. */
export function lastWords({ store, session, comeBack }: WorkerDeps, name: string): string {
  if (getSession(store, session.id)?.status === 'Completed') return `${name} is closed`
  return `${name} stays open; come back: ${comeBack(name)}`
}
