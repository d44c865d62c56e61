import { UserError } from '../../domain/errors.ts'
import type { StoredMessage } from '../../domain/message.ts'
import type { sessionTypes } from '../../domain/session.ts'
import type { Style } from '../../domain/style.ts'
import type { SessionView } from '../../sessions/view.ts'
import type { SessionFiles } from '../session-files.ts'
import type { Answerer, ModelContext } from '../sight/model-context.ts'

/** What a slash command can do; the operations are the ones that the command line uses. */
export interface CommandContext {
  /** Of the session that it is typed in. */
  name(): string
  say(line: string): void
  ask(question: string): Promise<string>
  /** Has a text written in the user's editor; undefined when nothing came of it. */
  edit(text: string): Promise<string | undefined>
  style: Style
  /** How wide the terminal is now. */
  columns(): number
  /** Absent in a plain `q chat`, which has no workspace. */
  workspace: WorkspaceCommands | undefined
  rename(name: string): Promise<void>
  /** Marks the session closed; the worker then ends. */
  complete(): Promise<void>
  conversation: Conversation
  files: SessionFiles
  /** The model's tools, and what runs unasked. */
  tools(): Promise<string[]>
  /** What the model gets to see, and which model it is. */
  model(): Promise<{ context: ModelContext; answerer: Answerer }>
  /** Does something that takes its time, shown as at work; Ctrl-C fires the signal. */
  atWork<T>(label: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Where the session's paths begin. */
  directory: { cwd: string; home: string | undefined }
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
  candidates?(context: CommandContext, place: number, words: readonly string[]): Promise<string[]>
  /** `quit` ends the worker; a prompt is sent as if it had been typed. */
  run(context: CommandContext, words: string[]): Promise<'quit' | { prompt: string } | undefined>
}

/** @throws UserError in a plain `q chat`, which has no workspace */
export function workspaceOf(context: CommandContext): WorkspaceCommands {
  if (context.workspace) return context.workspace
  throw new UserError('this is a single session, without a workspace', {
    hint: 'several sessions side by side: q mux',
  })
}

/** @throws UserError when there are fewer or more words than a command takes */
export function expectWords(form: string, words: readonly string[], least: number, most: number): void {
  if (words.length < least || words.length > most) throw usage(form)
}

export function usage(form: string): UserError {
  return new UserError(`usage: ${form}`)
}
