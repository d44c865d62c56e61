import { findByName } from '../../domain/name.ts'
import { parseSessionType } from '../../domain/session.ts'
import { typeWords, wantedType } from '../../domain/session-type.ts'
import { isYes } from '../../domain/yes.ts'
import { type CommandContext, expectWords, type SlashCommand, usage, workspaceOf } from './command.ts'

/** The slash commands about sessions: this one, and the others of the workspace. */
export const sessionCommands: readonly SlashCommand[] = [
  {
    names: ['/sessions'],
    args: '[--all]',
    help: 'list the sessions and what each one does',
    candidates: async () => ['--all'],
    async run(context, words) {
      expectWords('/sessions [--all]', words, 0, 1)
      if (words[0] !== undefined && words[0] !== '--all') throw usage('/sessions [--all]')
      for (const line of await workspaceOf(context).list(words.length === 1)) context.say(line)
      return undefined
    },
  },
  {
    names: ['/switch', '/s'],
    args: 'NAME',
    help: 'go to another session; its first letters are enough',
    candidates: otherSessions,
    async run(context, words) {
      expectWords('/switch NAME', words, 1, 1)
      await workspaceOf(context).switchTo(words[0] ?? '')
      return undefined
    },
  },
  {
    names: ['/new'],
    args: '[type] [name]',
    help: `open a session and go there; types: ${typeWords.join(', ')}`,
    candidates: async (_, place) => (place === 0 ? [...typeWords] : []),
    async run(context, words) {
      expectWords('/new [type] [name]', words, 0, 2)
      const type = words.length === 2 ? wantedType(words[0] ?? '') : parseSessionType(words[0] ?? '')
      const name = await workspaceOf(context).create({ type, name: type ? words[1] : words[0] })
      context.say(context.style.dim(`opened ${name}`))
      return undefined
    },
  },
  {
    names: ['/session-name'],
    args: '[name]',
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
    help: "change this session's name",
    async run(context, words) {
      if (words.length === 0) throw usage('/rename NAME')
      await context.rename(words.join(' '))
      return undefined
    },
  },
  {
    names: ['/close'],
    args: '[name]',
    help: 'close a session for good (asks first); what was said is kept',
    candidates: otherSessions,
    async run(context, words) {
      expectWords('/close [name]', words, 0, 1)
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

async function otherSessions(context: CommandContext, place: number): Promise<string[]> {
  if (place > 0 || !context.workspace) return []
  return (await context.workspace.views()).map((view) => view.name)
}

/** What is asked about is what is meant, also where the name was shortened. @throws UserError */
async function wholeName(context: CommandContext, typed: string): Promise<string> {
  if (typed === context.name()) return typed
  return findByName(typed, await workspaceOf(context).views()).name
}
