import { exitCode } from '../../base/errors.ts'
import { labels } from '../../sessions/list/session-table.ts'
import { type SessionView, viewSessions } from '../../sessions/list/session-view.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { type FoundMessage, searchMessages } from '../../store/search-messages.ts'
import { getSession } from '../../store/sessions.ts'
import { oneLine } from '../../text/plain-text.ts'
import { print, printJson } from '../../text/print.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { type SnippetPart, snippetOf } from '../../text/snippet.ts'
import { createStyle, type Style, wantsColour } from '../../text/style.ts'
import { parseQuery } from '../../text/text-search.ts'
import { when } from '../../text/when.ts'
import { globalArgs, parseLimit } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'search', description: 'Find what was said, in all sessions and plain chats, newest first' },
  args: {
    text: {
      type: 'positional',
      rest: true,
      required: true,
      description: 'Words that must all be there; "in a row"',
    },
    limit: { type: 'string', alias: 'n', valueHint: 'N', description: 'At most so many; default 20' },
    json: { type: 'boolean', description: 'For programs' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const limit = parseLimit(args.limit ?? '20')
      const text = args._.join(' ')
      const found = searchMessages(workspace.store, parseQuery(text), limit + 1)
      const hits = await withSessions(workspace, found.slice(0, limit))
      if (args.json) printJson({ query: text, results: hits.map(jsonOf) })
      else for (const hit of hits) print(linesOf(hit, style()))
      if (hits.length === 0) {
        if (!args.json) (await talk()).log(`nothing that was said has ${oneLine(text, 60)}`)
        return exitCode.failed
      }
      if (!args.json && found.length > limit) (await talk()).log(`there is more: --limit ${limit * 5}`)
      return exitCode.done
    }),
})

interface Hit {
  session: SessionView
  message: FoundMessage
  snippet: SnippetPart[]
}

async function withSessions(workspace: Workspace, found: readonly FoundMessage[]): Promise<Hit[]> {
  const ids = [...new Set(found.map(({ conversationId }) => conversationId))]
  const sessions = ids.flatMap((id) => getSession(workspace.store, id) ?? [])
  const views = new Map((await viewSessions(workspace, sessions)).map((view) => [view.id, view]))
  return found.flatMap((message) => {
    const session = views.get(message.conversationId)
    return session ? [{ session, message, snippet: snippetOf(message.text, message.matches) }] : []
  })
}

function linesOf({ session, message, snippet }: Hit, style: Style): string {
  const who = message.role === 'user' ? 'you' : message.partial ? 'answer, not whole' : 'answer'
  const facts = `[${labels[session.status]}] ${when(message.createdAt)} ${who}`
  const words = snippet.map((part) => (part.marked ? mark(part.text, style) : part.text)).join('')
  return `${style.bold(sanitize(session.name))}  ${style.dim(facts)}\n  ${words}\n`
}

function mark(text: string, style: Style): string {
  const coloured = style.bold(style.yellow(text))
  return coloured === text ? `«${text}»` : coloured
}

function style(): Style {
  return createStyle(wantsColour(process.stdout, process.env))
}

function jsonOf({ session, message, snippet }: Hit) {
  return {
    id: session.id,
    name: session.name,
    status: session.status,
    role: message.role,
    at: message.createdAt,
    seq: message.seq,
    partial: message.partial,
    snippet: snippet.map((part) => part.text).join(''),
    marks: snippet.filter((part) => part.marked).map((part) => part.text),
  }
}
