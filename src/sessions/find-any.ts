import { exitCode, UserError } from '../domain/errors.ts'
import { findByName } from '../domain/name.ts'
import type { Session } from '../domain/session.ts'
import { when } from '../domain/when.ts'

/**
 * The session that a person wants to open by a name or by the beginning of its id: of all there are, closed ones and
 * plain chats before those that are open. A name may be shortened.
 * @throws UserError when there is none, or with their dates when there are several
 */
export function findToOpen(wanted: string, sessions: readonly Session[]): Session {
  const matches = matchesOf(wanted, sessions)
  const openable = matches.filter((session) => session.workspace === null || session.status === 'Completed')
  const meant = openable.length > 0 ? openable : matches
  if (meant[0] && meant.length === 1) return meant[0]
  if (meant.length > 1) throw ambiguous(wanted, meant)
  return findByName(wanted, sessions)
}

/** The one to go on with in a plain chat: the newest of that name, plain chats first. @throws UserError */
export function findToResume(wanted: string, sessions: readonly Session[]): Session {
  const matches = matchesOf(wanted, sessions)
  const chats = matches.filter((session) => session.workspace === null)
  const [newest] = (chats.length > 0 ? chats : matches).toSorted((a, b) => b.lastActive - a.lastActive)
  return newest ?? findByName(wanted, sessions)
}

/** By the whole name, else by its first letters, else by the id's. */
function matchesOf(wanted: string, sessions: readonly Session[]): Session[] {
  const word = wanted.trim().toLowerCase()
  if (word === '') return []
  const ways = [
    (session: Session) => session.name === word,
    (session: Session) => session.name.startsWith(word),
    (session: Session) => word.length >= 4 && session.id.toLowerCase().startsWith(word),
  ]
  for (const way of ways) {
    const found = sessions.filter(way)
    if (found.length > 0) return found
  }
  return []
}

/** How many of several sessions a message lists. */
const shown = 8

function ambiguous(wanted: string, sessions: readonly Session[]): UserError {
  const newest = sessions.toSorted((a, b) => b.lastActive - a.lastActive)
  const lines = newest.slice(0, shown).map((session) => {
    const kind = session.workspace === null ? 'plain chat' : `of ${session.workspace}`
    return `  ${shortId(session, sessions)}  ${session.name}  ${when(session.lastActive)}  ${session.messages} messages, ${kind}`
  })
  const more = newest.length > shown ? [`  and ${newest.length - shown} more`] : []
  const [first] = newest
  return new UserError([`"${wanted.trim()}" could be`, ...lines, ...more].join('\n'), {
    hint: `name one by its id, the newest: ${first ? shortId(first, sessions) : ''}`,
    exit: exitCode.usage,
  })
}

/** As much of the id as tells it from the others. */
function shortId(session: Session, others: readonly Session[]): string {
  let length = 8
  const isShared = (): boolean =>
    others.some((other) => other.id !== session.id && other.id.startsWith(session.id.slice(0, length)))
  while (length < session.id.length && isShared()) length += 4
  return session.id.slice(0, length)
}
