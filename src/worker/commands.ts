import { UserError } from '../domain/errors.ts'
import type { StoredMessage } from '../domain/message.ts'
import { findByName, suggest } from '../domain/name.ts'
import { parseSessionType, sessionTypes } from '../domain/session.ts'
import type { Style } from '../domain/style.ts'
import type { SessionView } from '../sessions/view.ts'
import { historyCommands } from './history-commands.ts'
import type { SessionFiles } from './session-files.ts'

/** What a slash command can do; the operations are the ones that the command line uses. */
export interface CommandContext {
  /** Of the session that it is typed in. */
  name(): string
  say(line: string): void
  ask(question: string): Promise<string>
  /** Has a text written in the user's editor; undefined when nothing came of it. */
  edit(text: string): Promise<string | undefined>
  style: Style
  /** Absent in a plain `q chat`, which has no workspace. */
  workspace: WorkspaceCommands | undefined
  rename(name: string): Promise<void>
  /** Marks the session closed; the worker then ends. */
  complete(): Promise<void>
  conversation: Conversation
  files: SessionFiles
  /** The model's tools, and what runs unasked. */
  tools(): Promise<string[]>
}

/** What was said in the session that a command is typed in. */
export interface Conversation {
  /** The last `number` messages, or all. */
  read(number: number | undefined): StoredMessage[]
  /** Takes over what was said elsewhere. Returns false, and changes nothing, when something was said here already. */
  fill(messages: readonly Omit<StoredMessage, 'seq'>[]): Promise<boolean>
}

export interface WorkspaceCommands {
  list(all: boolean): Promise<string[]>
  views(): Promise<SessionView[]>
  switchTo(name: string): Promise<void>
  create(request: {
    name: string | undefined
    type: (typeof sessionTypes)[number] | undefined
  }): Promise<string>
  close(name: string): Promise<void>
}

export interface SlashCommand {
  names: readonly string[]
  args: string
  help: string
  /** What may stand at an argument's place, for Tab. */
  candidates?(context: CommandContext, place: number): Promise<string[]>
  /** `quit` ends the worker; a prompt is sent as if it had been typed. */
  run(context: CommandContext, words: string[]): Promise<'quit' | { prompt: string } | undefined>
}

/** All slash commands, in the order of `/help`. */
export const commands: readonly SlashCommand[] = [
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
    help: `open a session and go there; types: ${sessionTypes.map((type) => type.toLowerCase()).join(', ')}`,
    candidates: async (_, place) => (place === 0 ? sessionTypes.map((type) => type.toLowerCase()) : []),
    async run(context, words) {
      expectWords('/new [type] [name]', words, 0, 2)
      const type = parseSessionType(words[0] ?? '')
      if (words.length === 2 && !type) {
        throw new UserError(`"${words[0]}" is not a type of session`, {
          hint: suggest(words[0] ?? '', sessionTypes) ?? `types: ${sessionTypes.join(', ')}`,
        })
      }
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
      if (!/^y(es)?$/i.test(answer.trim())) {
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
  ...historyCommands,
  {
    names: ['/editor'],
    args: '[text]',
    help: 'write a prompt in your editor ($VISUAL or $EDITOR); it is sent when you leave it',
    async run(context, words) {
      const prompt = await context.edit(words.join(' '))
      if (prompt === undefined) context.say(context.style.dim('nothing to send'))
      return prompt === undefined ? undefined : { prompt }
    },
  },
  {
    names: ['/tools'],
    args: '',
    help: "list the model's tools and what runs without asking",
    async run(context, words) {
      expectWords('/tools', words, 0, 0)
      for (const line of await context.tools()) context.say(line)
      return undefined
    },
  },
  {
    names: ['/help'],
    args: '',
    help: 'this list',
    async run(context) {
      for (const line of helpLines(context.style)) context.say(line)
      return undefined
    },
  },
  {
    names: ['/quit', '/exit'],
    args: '',
    help: 'leave; the session stays open and comes back with q mux',
    run: async () => 'quit',
  },
]

/** Finds the command of a line that begins with `/`. @throws UserError with the nearest one when there is none */
export function findCommand(word: string): SlashCommand {
  const found = commands.find((command) => command.names.includes(word.toLowerCase()))
  if (found) return found
  const known = commands.flatMap((command) => command.names)
  throw new UserError(`there is no command ${word.slice(0, 40)}`, {
    hint: suggest(word, known) ?? 'see /help',
  })
}

function helpLines(style: Style): string[] {
  const rows = commands.map(
    (command) => [[command.names.join(', '), command.args].filter(Boolean).join(' '), command.help] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, help]) => `  ${style.bold(left.padEnd(width))}  ${help}`)
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

function workspaceOf(context: CommandContext): WorkspaceCommands {
  if (context.workspace) return context.workspace
  throw new UserError('this is a single session, without a workspace', {
    hint: 'several sessions side by side: q mux',
  })
}

function expectWords(form: string, words: readonly string[], least: number, most: number): void {
  if (words.length < least || words.length > most) throw usage(form)
}

function usage(form: string): UserError {
  return new UserError(`usage: ${form}`)
}
