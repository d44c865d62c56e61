import { exitCode, UserError } from '../../base/errors.ts'
import type { Session } from '../../domain/session.ts'
import { ambiguousName, leastOfId, meantBy, shownName, unknownName } from '../../domain/session-name.ts'
import { lastBearer, namesBegunBy } from '../../store/borne-names.ts'
import { getSession, listAll, listBegunBy, listOpen } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import { when } from '../../text/when.ts'
import type { Workspace } from '../workspace/workspace-context.ts'

type SearchedWorkspace = Pick<Workspace, 'store' | 'name'>

/**
 * The open session that a person or a script means by a name, an earlier one, an id, or the beginning of one. What means a
 * session that is not open means no other that begins so.
 * @throws UserError when there is none or several, or when it is not open here
 */
export function findSession(workspace: SearchedWorkspace, wanted: string): Session {
  const meant = findMeant(workspace, wanted)
  if (meant.workspace !== workspace.name || meant.status === 'Completed') throw notOpen(wanted, meant)
  return meant
}

/**
 * The same, also where that session is closed by now.
 * @throws UserError when there is none or several, or when it is none of the workspace's
 */
export function findOpenOrClosed(workspace: SearchedWorkspace, wanted: string): Session {
  const meant = findMeant(workspace, wanted)
  if (meant.workspace !== workspace.name) throw notOpen(wanted, meant)
  return meant
}

function findMeant({ store, name }: SearchedWorkspace, wanted: string): Session {
  const open = listOpen(store, name)
  const matches = meantBy(wanted, open, (word) => known(store, word, name))
  const [meant] = matches
  if (!meant) throw unknownName(wanted, open)
  if (matches.length > 1) throw ambiguousName(wanted, matches)
  return meant
}

/**
 * The session that a person wants to open: of all there are, closed ones and plain chats before those that are open.
 * @throws UserError when there is none, or with their dates when there are several
 */
export function findToOpen({ store, name }: SearchedWorkspace, wanted: string): Session {
  const begun = listBegunBy(store, wanted.trim().toLowerCase())
  const matches = meantBy(wanted, begun, (word) => known(store, word, name, true))
  const openable = matches.filter((session) => session.workspace === null || session.status === 'Completed')
  const meant = openable.length > 0 ? openable : matches
  const [first] = meant
  if (!first) throw unknownName(wanted, listAll(store))
  if (meant.length > 1) throw severalToOpen(wanted, meant)
  return first
}

/**
 * The one to go on with in a plain chat: of several that are called the same the newest, plain chats first.
 * @throws UserError when there is none, or with their dates when several of other names begin so
 */
export function findToResume(store: Store, wanted: string): Session {
  const begun = listBegunBy(store, wanted.trim().toLowerCase())
  const matches = meantBy(wanted, begun, (word) => known(store, word, null, true))
  const [first] = matches
  if (!first) throw unknownName(wanted, listAll(store))
  if (matches.some(({ name }) => name !== first.name)) throw severalToOpen(wanted, matches)
  const chats = matches.filter((session) => session.workspace === null)
  return newestFirst(chats.length > 0 ? chats : matches)[0] ?? first
}

/**
 * What completes the beginning of a name: what sessions are called; where none begins so, what they were called or, from its
 * eighth character on, their ids.
 */
export function handlesOf(
  { store, name: workspace }: SearchedWorkspace,
  begun: string,
  all = false,
): string[] {
  const word = begun.trim().toLowerCase()
  const sessions = all ? listBegunBy(store, word) : listOpen(store, workspace)
  const names = sessions.map(({ name }) => name).filter((name) => name.startsWith(word))
  if (names.length > 0 || word === '') return [...new Set(names)]
  const ids = new Set(sessions.map(({ id }) => id))
  const earlier = namesBegunBy(store, word, workspace).filter(({ id }) => all || ids.has(id))
  if (earlier.length > 0) return earlier.map(({ name }) => name)
  return word.length < leastOfId ? [] : [...ids].filter((id) => id.startsWith(word))
}

/** By what one was called before, or by its whole id. */
function known(store: Store, word: string, workspace: string | null, elsewhere = false): Session | undefined {
  return getSession(store, lastBearer(store, word, workspace, elsewhere) ?? word)
}

function notOpen(wanted: string, session: Session): UserError {
  const name = shownName(session.name)
  const who = wanted.trim().toLowerCase() === session.name ? name : `"${shownName(wanted)}" is ${name}, which`
  const { workspace } = session
  if (workspace !== null && session.status !== 'Completed')
    return new UserError(`${who} is open in the workspace ${workspace}`, {
      hint: `go there: q mux --workspace ${workspace} switch ${name}`,
      exit: exitCode.usage,
    })
  return new UserError(`${who} is ${workspace === null ? 'not in this workspace' : 'closed'}`, {
    hint: `open it: q mux open ${name}`,
    exit: exitCode.usage,
  })
}

/** How many of several sessions a message lists. */
const shown = 8

function severalToOpen(wanted: string, sessions: readonly Session[]): UserError {
  const newest = newestFirst(sessions)
  const lines = newest.slice(0, shown).map((session) => {
    const kind = session.workspace === null ? 'plain chat' : `of ${session.workspace}`
    return `  ${shortId(session, sessions)}  ${shownName(session.name)}  ${when(session.lastActive)}  ${session.messages} messages, ${kind}`
  })
  const more = newest.length > shown ? [`  and ${newest.length - shown} more`] : []
  const [first] = newest
  return new UserError([`"${shownName(wanted)}" could be`, ...lines, ...more].join('\n'), {
    hint: `name one by its id, the newest: ${first ? shortId(first, sessions) : ''}`,
    exit: exitCode.usage,
  })
}

function newestFirst(sessions: readonly Session[]): Session[] {
  return sessions.toSorted((a, b) => b.lastActive - a.lastActive)
}

/** As much of the id as tells it from the others. */
function shortId(session: Session, others: readonly Session[]): string {
  let length = 8
  const isShared = (): boolean =>
    others.some((other) => other.id !== session.id && other.id.startsWith(session.id.slice(0, length)))
  while (length < session.id.length && isShared()) length += 4
  return session.id.slice(0, length)
}
