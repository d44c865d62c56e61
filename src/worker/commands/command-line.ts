import { isSeveralLines } from '../../text/plain-text.ts'
import { findCommand } from './all-commands.ts'
import { type SlashCommand, usage } from './command.ts'

/** What a line that begins with `/` means. */
export type CommandLine =
  | { type: 'command'; command: SlashCommand; words: string[]; rest: string }
  /** It begins with a word that is no command, and no path either: people are told that it is sent. */
  | { type: 'unknown'; word: string }
  /** It is nothing but a prompt. */
  | { type: 'prompt' }

/**
 * Reads a line that was typed. A command counts by its name, or where it can be undone by the beginning of it, three letters
 * at least. @throws UserError for what was meant as a command and cannot be done as it stands: nothing is done then
 */
export function readCommandLine(line: string): CommandLine {
  const text = line.trim()
  const [, typed, behind = ''] = /^(\/[^\s/]+)(?:\s+(.*))?$/s.exec(text) ?? []
  if (typed === undefined || isSeveralLines(text)) return { type: 'prompt' }
  const command = findCommand(typed)
  if (!command) return { type: 'unknown', word: typed.slice(0, 40) }
  const words = wordsOf(behind)
  const [least, most] = command.takes
  if (words.length >= least && words.length <= most) return { type: 'command', command, words, rest: behind }
  const form = [command.names[0], command.args].filter(Boolean).join(' ')
  throw usage(form, words.length > most ? hintFor(command) : undefined)
}

function hintFor({ takes: [, most], args }: SlashCommand): string {
  const quote = most > 0 && /FILE|DIR/.test(args) ? 'put a name with blanks between quotes; ' : ''
  return `nothing was done: ${quote}to say it to the model, begin with another word`
}

/** Words as a shell takes them: blanks in quotes or behind `\` are part of a word. A quote that does not end is a sign. */
export function wordsOf(text: string): string[] {
  const words = text.matchAll(/(?:"[^"]*"|'[^']*'|\\.|[^\s\\])+/gs)
  return [...words].map(([word]) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'|\\(.)/gs,
      (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? '',
    ),
  )
}
