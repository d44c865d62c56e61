import { commands } from './all.ts'
import type { CommandContext } from './command.ts'

/** Completes a line at its end, for Tab: `@session/` paths anywhere, commands, and what may stand at an argument's place. */
export async function complete(
  line: string,
  context: CommandContext,
): Promise<[matches: string[], word: string]> {
  const words = line.split(/\s+/)
  const word = words.at(-1) ?? ''
  if (word.startsWith('@')) return [withSpace(await context.files.complete(word)), word]
  if (!line.startsWith('/')) return [[], line]
  if (words.length === 1) {
    return [
      withSpace(commands.flatMap((command) => command.names).filter((name) => name.startsWith(word))),
      word,
    ]
  }
  const command = commands.find((candidate) => candidate.names.includes(words[0] ?? ''))
  const candidates = (await command?.candidates?.(context, words.length - 2, words.slice(1))) ?? []
  return [
    withSpace(candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()))),
    word,
  ]
}

function withSpace(matches: string[]): string[] {
  return matches.length === 1 ? matches.map((match) => (match.endsWith('/') ? match : `${match} `)) : matches
}
