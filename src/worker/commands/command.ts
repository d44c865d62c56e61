import { exitCode, UserError } from '../../base/errors.ts'
import type { Block, StoredMessage } from '../../domain/message.ts'
import type { Session, sessionTypes } from '../../domain/session.ts'
import type { OnPause } from '../../provider/provider.ts'
import type { Choice } from '../../terminal/choice.ts'
import type { Style } from '../../text/style.ts'
import type { SessionFiles } from '../attached-files.ts'
import type { Answerer, ModelContext } from '../context/model-context.ts'

/** What a slash command can do; the operations are the ones that the command line uses. */
export interface CommandContext {
  /** Of the session that it is typed in. */
  name(): string
  sessionId: string
  /**
   * A line of ours, styles allowed. What in it is not ours is made fit before, each part by itself, and then padded and
   * styled: with `reveal` what somebody acts on by its very characters (a path, a pattern, an id), with `oneLine` words
   * that are only read. A session's name is fit as it is; a word that was typed as one, with `shownName`.
   */
  say(line: string): void
  ask(question: string): Promise<string>
  /** Puts a text on the clipboard. Returns how it can be pasted. @throws UserError */
  copy(text: string): Promise<string>
  /** Lets a person pick from a list, or type something else; undefined when they leave it as it is. */
  choose(question: string, choices: readonly Choice[]): Promise<string | undefined>
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
  model: ModelChoice
  /** The model's tools, and what runs unasked. */
  tools(): Promise<string[]>
  /** What the model gets to see, and who it is. */
  modelContext(): Promise<{ context: ModelContext; answerer: Answerer }>
  /** Does something that takes its time, shown as at work; Ctrl-C fires the signal. */
  atWork<T>(label: string, work: (signal: AbortSignal, onPause: OnPause) => Promise<T>): Promise<T>
  directory: DirectoryChoice
}

/** Where the session works that a command is typed in. */
export interface DirectoryChoice {
  /** Where its paths begin, now. */
  readonly cwd: string
  home: string | undefined
  /** Why nothing can be done there, in words. */
  trouble(): string | undefined
  /** Works there from now on, also when it comes back. @throws UserError when it cannot be entered */
  change(path: string): Promise<void>
}

/** Which model answers in the session that a command is typed in. */
export interface ModelChoice {
  /**
   * The ids that are known, the one that answers now, and whether it was chosen for this session.
   * @throws UserError when there is no model at all
   */
  known(): Promise<{ ids: readonly string[]; now: string | undefined; chosen: boolean }>
  /** Takes a checked id, or the configuration's model again, and keeps it. Returns in words who answers from now on. */
  use(id: string | null): Promise<string>
}

/** What was said in the session that a command is typed in. */
export interface Conversation {
  /** The last `number` messages, or all. */
  read(number: number | undefined): StoredMessage[]
  /** From the last prompt on. */
  lastExchange(): StoredMessage[]
  /** Says a prompt once more, with the files as they went with it. */
  repeat(prompt: readonly Block[]): Promise<void>
  /** Takes over what was said elsewhere. Returns false, and changes nothing, when something was said here already. */
  fill(messages: readonly Omit<StoredMessage, 'seq'>[]): Promise<boolean>
}

export interface WorkspaceCommands {
  list(all: boolean): Promise<string[]>
  /** The open session that is meant. @throws UserError when there is none or several */
  find(name: string): Session
  /** What completes the beginning of a session's name. */
  handles(begun: string): string[]
  switchTo(name: string): Promise<void>
  /** Opens a session and goes there. `meant`: who had its name before, as that one is called now. */
  create(request: {
    name: string | undefined
    type: (typeof sessionTypes)[number] | undefined
    /** Said to it as soon as it is up. */
    prompt: string | undefined
  }): Promise<{ name: string; meant: string | undefined }>
  close(session: Session): Promise<void>
}

export interface SlashCommand {
  /** With the `/`, lower case; the first is the one that is named to people. */
  names: readonly string[]
  /** As `/help` shows them: `NAME`, `[N]`; empty for none. */
  args: string
  /** How many words it takes, at least and at most: a line that has others is not done. */
  takes: readonly [least: number, most: number]
  /** Behind its name in `/help` and in the reference: one sentence, no full stop. */
  help: string
  /**
   * Done only by its whole name, where others are by its first letters too: for what ends, writes or forgets something.
   */
  inFull?: boolean
  /**
   * What may stand at an argument's place, for Tab: all of it, as it would be typed; the caller keeps what begins like
   * the word. `place`: 0 for the first word behind the name; `words`: those behind the name, the begun one last.
   */
  candidates?(context: CommandContext, place: number, words: readonly string[]): Promise<string[]>
  /** `words`: as a shell takes them, `rest`: as they were typed. `quit` ends the worker; a prompt is sent as if it had been typed; `again` sends the conversation as it stands. */
  run(
    context: CommandContext,
    words: string[],
    rest: string,
  ): Promise<'quit' | 'again' | { prompt: string } | undefined>
}

/** @throws UserError in a plain `q chat`, which has no workspace */
export function workspaceOf(context: CommandContext): WorkspaceCommands {
  if (context.workspace) return context.workspace
  throw new UserError('this is a single session, without a workspace', {
    hint: 'several sessions side by side: q mux',
  })
}

export function usage(form: string, hint?: string): UserError {
  return new UserError(`usage: ${form}`, { exit: exitCode.usage, ...(hint !== undefined && { hint }) })
}
