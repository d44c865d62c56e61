import type { Message } from '../domain/message.ts'
import type { Session, SessionType } from '../domain/session.ts'
import type { NameFor } from '../importer/imported-name.ts'
import type { ImportReport } from '../importer/report.ts'
import type { Conversation, FoundConversation, SkipReason } from '../importer/source.ts'
import { borneNames } from '../store/borne-names.ts'
import { extendImport, findImport, type Import, insertImport } from '../store/imports.ts'
import { readMessages } from '../store/messages.ts'
import { getSession } from '../store/sessions.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export interface ImportOptions {
  nameFor: NameFor
  typeFor(userMessages: readonly string[]): SessionType
  /** For a conversation whose own directory cannot be one. */
  home: string
  /** Counts what is done, also when an error ends it half way. */
  report: ImportReport
}

/**
 * Keeps another program's conversations as closed sessions, each in a transaction of its own and each once: one that is
 * here already only gets what was said there since, and only while it is the same here as when it came.
 */
export async function importConversations(
  workspace: Pick<Workspace, 'store' | 'processes' | 'newId'>,
  found: AsyncIterable<FoundConversation>,
  options: ImportOptions,
): Promise<void> {
  const { report } = options
  for await (const one of found) {
    if (one.kind === 'skipped') {
      report.skipped.push(one.skipped)
      continue
    }
    const { conversation } = one
    const outcome = await workspace.store.write(() => keep(workspace, conversation, options))
    if (outcome === 'imported' || outcome === 'grown' || outcome === 'present') report[outcome] += 1
    else report.skipped.push({ ...pick(conversation), reason: outcome })
    if (outcome !== 'imported') continue
    report.images += conversation.images
    report.unread += conversation.unread
  }
}

type Outcome = 'imported' | 'grown' | 'present' | SkipReason

function keep(
  { store, processes, newId }: Pick<Workspace, 'store' | 'processes' | 'newId'>,
  conversation: Conversation,
  { nameFor, typeFor, home }: ImportOptions,
): Outcome {
  const known = findImport(store, conversation.sourceId)
  if (known) return update({ store, processes }, known, conversation)
  const cwd = directoryOf(conversation, home)
  insertImport(store, {
    id: newId(),
    sourceId: conversation.sourceId,
    name: nameFor(conversation.userMessages, borneNames(store, null), cwd),
    type: typeFor(conversation.userMessages),
    cwd,
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    messages: conversation.messages,
  })
  return 'imported'
}

function update(
  { store, processes }: Pick<Workspace, 'store' | 'processes'>,
  known: Import,
  { messages, updatedAt }: Conversation,
): Outcome {
  const here = readMessages(store, known.conversationId)
  const same = Math.min(known.messages, messages.length)
  const unchanged = messages.slice(0, same).every((message, index) => isSame(message, here[index]))
  if (!unchanged) return 'differs'
  if (messages.length <= known.messages) return 'present'
  if (here.length !== known.messages) return 'both-went-on'
  const session = getSession(store, known.conversationId)
  if (session?.status !== 'Completed' || isOpen(processes, session)) return 'open-here'
  extendImport(store, known, messages.slice(known.messages), updatedAt)
  return 'grown'
}

/** A closed session may be open in a plain `q chat --resume`. */
function isOpen(processes: Workspace['processes'], { owner }: Session): boolean {
  return owner !== null && processes.livenessOf(owner) !== 'gone'
}

function isSame(a: Message, b: Message | undefined): boolean {
  return a.role === b?.role && JSON.stringify(a.blocks) === JSON.stringify(b.blocks)
}

/** Only a text that can be a directory's absolute path is kept as one; it is not looked at. */
function directoryOf({ directory }: Conversation, home: string): string {
  return directory?.startsWith('/') && !unfit.test(directory) ? directory : home
}

/** Control characters, half surrogates, line separators and direction marks. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

function pick({ sourceId, directory }: Conversation): { sourceId: string; directory: string | null } {
  return { sourceId, directory }
}
