import type { Verdict } from '../domain/approval.ts'
import type { Declared } from '../domain/worker-status.ts'

/**
 * A program of somebody else's that runs in a session's pane as if started there by hand, and tells what it does. What
 * stands here is all that a session needs of it; each agent has one file.
 */
export interface Agent {
  /** `claude`: what `--agent` and `kind` name. */
  kind: string
  /** As people call it: `Claude Code`. */
  title: string
  /** What is started, found through PATH, unless the user names another program; empty where each session has its own. */
  program: string
  /** What installs it, a command for people. */
  install: string | undefined
  /** The oldest version that tells what is listed in `declares`. */
  oldest: string | undefined
  /** What it can tell at all; of what is missing nothing is guessed. */
  declares: readonly Declared[]
  /** Variables of the user's environment that it goes by. */
  variables: RegExp
  /**
   * Flags of its own, with how many words follow, that choose a conversation or say a first prompt: a later start leaves them
   * out (`later-arguments.ts`).
   */
  begins: Readonly<Record<string, number | 'perhaps'>>
  /**
   * Its other flags, with how many words follow: a word that belongs to none is a first prompt, and is left out likewise. Of a
   * flag that is missing here nobody knows, and what follows it is kept. Absent: it takes no prompt so.
   */
  flags?: Readonly<Record<string, 0 | 1>>
  /** What its end means. Absent: with 0 that its user left it, else that it failed and can be brought back. */
  ends?: 'as-result' | 'always-left'
  /** What of the user's own settings keeps it from telling, in words. */
  obstacles?(place: { env: NodeJS.ProcessEnv; cwd: string }): string[]
  /**
   * Prepares one run: begins to listen, and says what to start. `tell` hears of everything that the program declares, in
   * order.
   * @throws UserError when it cannot be run so, with what to do
   */
  prepare(run: AgentRun, tell: (told: Told) => void): Promise<PreparedAgent>
}

/** What one run is about. */
export interface AgentRun {
  /** Our session's id, a UUID. */
  session: string
  /** The program and the user's own arguments for it. */
  program: string
  args: readonly string[]
  /** What the program will get; nothing in it is shown to others. */
  env: NodeJS.ProcessEnv
  cwd: string
  /** A directory for this run alone: 0700, without links on the way, removed afterwards. Its path has room for a socket's name of 8 bytes. */
  directory: string
  /** Its own id of the conversation that goes on; undefined: a new one begins. */
  conversation: string | undefined
  /** Said to it as soon as it is up. */
  prompt: string | undefined
  /** Tells of each file in a directory, which need not be there yet, that came, changed or went. */
  watch: WatchDirectory
  /** Of one running process: its parent; undefined when it is gone. */
  parentOf(pid: number): number | undefined
  /** ms since the epoch. */
  now(): number
  /** Work that nobody waits for: what goes wrong in it is said. */
  beside(work: Promise<unknown>): void
}

export type WatchDirectory = (
  path: string,
  changed: (file: string) => void,
) => Promise<{ close(): Promise<void> }>

export interface PreparedAgent {
  argv: readonly string[]
  /** Added to its environment; undefined: taken out of it. */
  env: Readonly<Record<string, string | undefined>>
  /** It runs now, as this process. */
  started(pid: number): void
  /**
   * Says a prompt to it by its own way in, which it then tells of. Resolves false when it cannot take one now; absent: it has
   * none, and what it is sent is pasted at its prompt.
   */
  send?(text: string): Promise<boolean>
  /** It ended, or is about to: ends what was begun for it. */
  close(): Promise<void>
}

/** What an agent declares. Its texts are untrusted. */
export type Told =
  /** Its own id of the conversation, now or from now on. */
  | { type: 'conversation'; id: string }
  /** It is at its prompt, where nothing is left to be read: it began, or was cleared. */
  | { type: 'ready' }
  /** It was given a prompt, there or by us. */
  | { type: 'prompt'; text: string }
  /** It works, in words. */
  | { type: 'working'; detail: string }
  /** It is about to use a tool. */
  | { type: 'tool'; tool: string; input: unknown }
  /** It asks for permission, also elsewhere than in its window. */
  | { type: 'asks'; question: AgentQuestion }
  /** It waits for an answer that can be given in its own window only: what for, in words. */
  | { type: 'asks-there'; detail: string }
  /** The question was answered there, or nobody needs an answer any more. */
  | { type: 'settled'; question: string }
  /** Its turn is over. `goesOn`: what it works at all the same, without a prompt, in words. */
  | { type: 'answer'; text: string; goesOn?: string }
  /** Its turn was interrupted by the user. */
  | { type: 'interrupted' }
  /** Its turn failed. `until`: when it goes on, in ms since the epoch. */
  | { type: 'failed'; detail: string; until?: number }
  /**
   * A source that is not to be trusted with more than the end of something says that the program rests at its prompt: it ends
   * work and questions, and changes no answer or failure that was told.
   */
  | { type: 'rests' }
  /** What it calls the conversation. */
  | { type: 'title'; text: string }

export interface AgentQuestion {
  /** Its own id of the question. */
  id: string
  /** In our words: `execute_bash`, `fs_read`, `fs_write`, `@SERVER/TOOL`, `@AGENT/TOOL`. */
  tool: string
  input: unknown
  /** What a yes to all of the kind would trust, in words; undefined: it offers none. */
  trusts: string | undefined
  /** Gives it the answer; false: somebody was faster, or it asks no longer. */
  answer(verdict: Verdict): Promise<boolean>
}
