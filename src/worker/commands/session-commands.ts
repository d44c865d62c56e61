import { didYouMean } from '../../domain/did-you-mean.ts'
import { findByName } from '../../domain/name.ts'
import { parseSessionType } from '../../domain/session.ts'
import { typeWords, wantedType } from '../../domain/session-type.ts'
import { isYes } from '../../domain/yes.ts'
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
      const name = await workspaceOf(context).create(wantedSession(words, rest))
      context.say(context.style.dim(`opened ${name}`))
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
      const name = words[0] === undefined ? context.name() : await wholeName(context, words[0])
      const answer = await context.ask(`Close ${name}? It will not come back by itself. [y/N]: `)
      if (!isYes(answer)) {
        context.say(context.style.dim('not closed'))
        return undefined
      }
      if (name === context.name()) {
        await context.complete()
        return 'quit'
      }
      await workspaceOf(context).close(name)
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

async function otherSessions(context: CommandContext, place: number): Promise<string[]> {
  if (place > 0 || !context.workspace) return []
  return (await context.workspace.views()).map((view) => view.name)
}

/** What is asked about is what is meant, also where the name was shortened. @throws UserError */
async function wholeName(context: CommandContext, typed: string): Promise<string> {
  if (typed === context.name()) return typed
  return findByName(typed, await workspaceOf(context).views()).name
}
