import type { Clock } from '../base/clock.ts'
import type { Asked, Call } from '../domain/approval.ts'
import type { LineKeys } from '../domain/line-commands.ts'
import type { Choice } from './choice.ts'
import type { HistoryFile } from './editor/line-history.ts'
import type { TextForm } from './screen/answer-stream.ts'
import type { WaitLabel } from './screen/spinner.ts'

/**
 * What a person did at the prompt. `pasted`: some of the line was, with an `@` in it, so that nobody may have typed what it
 * names. `onlyPrompt`: one line, pasted from its first character: no command, whatever it says; nor is a text of several lines.
 */
export type TypedLine =
  | { type: 'line'; text: string; pasted?: boolean; onlyPrompt?: boolean }
  | { type: 'interrupt' }
  | { type: 'end' }

/** What became of a question; `withdrawn`: it was answered elsewhere. */
export type Answer = TypedLine | { type: 'withdrawn' }

/** The terminal of one worker: one line at a time goes in, text comes out. */
export interface Terminal {
  /** Shows the prompt and reads a line; a text that `suspend` left behind is still there, and what was typed since. */
  read(prompt: string): Promise<TypedLine>
  /** Whether a line is awaited of which nothing was typed yet, nor anything ahead. */
  isIdle(): boolean
  /** The last word before the terminal is left for a while: what it shows goes up into the scrollback, and `line` stands there alone. */
  rollUp(line: string): void
  /** Takes the prompt and what is typed so far off the screen, until the next `read`. */
  suspend(): void
  /**
   * Asks, and resolves with what was done after the question; `cancel` counts as Ctrl-C. Keys from before the question was on
   * the screen are kept for the next `read`, and a paste never submits. `elsewhere` takes the question back: what was typed
   * into it is kept as well and answers nothing, and whoever types on does not answer the next question unseen.
   */
  ask(question: string, elsewhere?: AbortSignal): Promise<Answer>
  /**
   * Asks for permission to run a call, and shows it: no key counts before that was on the screen for 400 ms, and no yes before
   * its end was. The call stays on the screen with its answer.
   */
  askPermission(asked: Pick<Asked, 'tool' | 'lines' | 'trust'>, elsewhere?: AbortSignal): Promise<Answer>
  /** Shows a call about which nobody is asked. */
  showCall(call: Call): void
  /**
   * Asks as `ask` does, with answers to pick from below the question: typing narrows them, and what matches none of them
   * is an answer too.
   */
  choose(question: string, choices: readonly Choice[]): Promise<TypedLine>
  /** Gives up on a question that waits for its answer, as Ctrl-C does. */
  cancel(): void
  /** Our own words, styles allowed; a whole line, above the prompt when one is shown. */
  say(line: string): void
  /** Shows that something is awaited, until the first text, line, prompt or question. */
  wait(label: WaitLabel): void
  /** Begins an untrusted text; what is written to it appears in batches, in the form that is given. */
  stream(form?: TextForm): { write(text: string): void; end(): void }
  /** Nobody has seen what was printed since the last line: it is laid out again where the terminal gets another width. */
  unseen(): void
  /** Asks the terminal to put a text on its clipboard (OSC 52), which it may refuse unheard. False: it cannot be asked. */
  copy(text: string): boolean
  /** Hands the terminal to another program; what is said meanwhile appears afterwards. */
  handOver<T>(run: () => Promise<T>): Promise<T>
  /** Leaves the terminal as it was found. May be called again, and from an exit handler. */
  close(): void
}

export interface TerminalEvents {
  /** Ctrl-C while nothing is read. */
  interrupt(): void
  /** The terminal is gone. */
  hangup(): void
  /** What may stand at the line's end in place of `word`. */
  complete(line: string): Promise<[matches: string[], word: string]>
}

/** The process around the terminal. */
export interface Host {
  clock: Clock
  onExit(listener: () => void): void
  /** Ctrl-C as a signal, where the terminal edits the line or another program has it. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void
  /** Ctrl-Z, where there is a shell to go back to. */
  jobs: { stop(): void; onContinue(listener: () => void): void } | undefined
}

export interface TerminalOptions {
  env: NodeJS.ProcessEnv
  host: Host
  /** undefined: lines are kept nowhere. */
  historyFile: HistoryFile | undefined
  /** The keys of the line editor as they are now; without it, the usual ones. */
  lineKeys?: () => LineKeys
}
