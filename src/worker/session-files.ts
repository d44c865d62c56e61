import type { Block } from '../domain/message.ts'

/** A session's files, as its worker uses them; made by `sessions/prompt-files.ts`. */
export interface SessionFiles {
  /** What the files that a prompt names by `@session/…` add to it. @throws UserError when one is not there */
  attach(prompt: string): Promise<Block[]>
  /** What a word that begins with `@` may be completed to; directories end in `/`. */
  complete(word: string): Promise<string[]>
  /** The absolute path that a person's `FILE` means: `~`, `@session/…`, or relative to the session's directory. */
  path(name: string, purpose: 'read' | 'write'): Promise<string>
}
