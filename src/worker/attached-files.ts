import type { Block } from '../domain/message.ts'

/** What the files that a prompt names add to it. */
export interface Attached {
  blocks: Block[]
  /** What went along and what did not, a line each, safe to be shown. */
  notes: string[]
}

/** A session's files, as its worker uses them; made by `sessions/files/prompt-files.ts`. */
export interface SessionFiles {
  /**
   * What the files that a prompt names by `@session/…` and `@PATH` add to it. Words that the user did not type, such as
   * those of `q mux send`, name only what lies in the working directory.
   * @throws UserError when a `@session/` file is not there, or there are too many
   */
  attach(prompt: string, by: 'typed' | 'sent'): Promise<Attached>
  /** What a word that begins with `@` may be completed to; directories end in `/`. */
  complete(word: string): Promise<string[]>
  /** The absolute path that a person's `FILE` means: `~`, `@session/…`, or relative to the session's directory. */
  path(name: string, purpose: 'read' | 'write'): Promise<string>
}
