import { parseSessionType, type Session } from '../../domain/session.ts'
import { nowMeansAnother } from '../../domain/session-name.ts'
import { typeWords, wantedType } from '../../domain/session-type.ts'
import { isYes } from '../../domain/yes.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { type CommandContext, type SlashCommand, usage, workspaceOf } from './command.ts'

/** The slash commands about sessions: this one, and the others of the workspace. */
export const sessionCommands: readonly SlashCommand[] = [
  {
    names: ['/sessions'],
    args: '[--all]',
    takes: [0, 1],
    help: 'list the sessions and what each one does',
    candidates: async () => ['--all'],
    async run(context, words) {
      if (words[0] !== undefined && words[0] !== '--all') throw usage('/sessions [--all]')
      for (const line of await workspaceOf(context).list(words.length === 1)) context.say(line)
      return undefined
    },
  },
  {
    names: ['/switch', '/s'],
    args: 'NAME',
    takes: [1, 1],
    help: 'go to another session; its first letters are enough',
    candidates: otherSessions,
    async run(context, words) {
      await workspaceOf(context).switchTo(words[0] ?? '')
      return undefined
    },
  },
  {
    names: ['/new'],
    args: '[type] [name]',
    takes: [0, Number.POSITIVE_INFINITY],
    help: `open a session and go there; more words are its first prompt; types: ${typeWords.join(', ')}`,
    candidates: async (_, place) => (place === 0 ? [...typeWords] : []),
    async run(context, words, rest) {
      const { name, meant } = await workspaceOf(context).create(wantedSession(words, rest))
      context.say(context.style.dim(`opened ${name}`))
      if (meant !== undefined) context.say(context.style.dim(nowMeansAnother(name, meant)))
      return undefined
    },
  },
  {
    names: ['/session-name'],
    args: '[name]',
    takes: [0, 3],
    help: "show or change this session's name",
    async run(context, words) {
      if (words.length === 0) context.say(context.name())
      else await context.rename(words.join(' '))
      return undefined
    },
  },
  {
    names: ['/rename'],
    args: 'NAME',
    takes: [1, 3],
    help: "change this session's name",
    async run(context, words) {
      await context.rename(words.join(' '))
      return undefined
    },
  },
  {
    names: ['/close'],
    args: '[name]',
    takes: [0, 1],
    inFull: true,
    help: 'close a session for good (asks first); what was said is kept',
    candidates: otherSessions,
    async run(context, words) {
      // What is asked about is what is closed, whatever it is called by then.
      const other = words[0] === undefined ? undefined : otherSession(context, words[0])
      const name = other?.name ?? context.name()
      const answer = await context.ask(`Close ${name}? It will not come back by itself. [y/N]: `)
      if (!isYes(answer)) {
        context.say(context.style.dim('not closed'))
        return undefined
      }
      if (!other) {
        await context.complete()
        return 'quit'
      }
      await workspaceOf(context).close(other)
      context.say(context.style.dim(`closed ${name}`))
      return undefined
    },
  },
]

/** Behind a type, one word is a name and more are a prompt. @throws UserError for a type that was mistyped */
function wantedSession(words: readonly string[], rest: string) {
  const [first = ''] = words
  // Two words may be a type and a name.
  const mistyped = words.length === 2 && didYouMean(first, typeWords) !== undefined
  const type = mistyped ? wantedType(first) : parseSessionType(first)
  const behind = type ? words.slice(1) : words
  if (behind.length < 2) return { type, name: behind[0], prompt: undefined }
  return { type, name: undefined, prompt: type ? rest.replace(/^\S+\s+/, '') : rest }
}

async function otherSessions(
  context: CommandContext,
  place: number,
  words: readonly string[],
): Promise<string[]> {
  return place === 0 ? (context.workspace?.handles(words[0] ?? '') ?? []) : []
}

/** undefined: the one that it is typed in. @throws UserError */
function otherSession(context: CommandContext, typed: string): Session | undefined {
  if (typed === context.name()) return undefined
  const session = workspaceOf(context).find(typed)
  return session.id === context.sessionId ? undefined : session
}
