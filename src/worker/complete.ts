import { type CommandContext, commands } from './commands.ts'

/** Completes a line at its end, for Tab: commands, then what may stand at the argument's place. */
export async function complete(
  line: string,
  context: CommandContext,
): Promise<[matches: string[], word: string]> {
  if (!line.startsWith('/')) return [[], line]
  const words = line.split(/\s+/)
  const word = words.at(-1) ?? ''
  if (words.length === 1) {
    return [
      withSpace(commands.flatMap((command) => command.names).filter((name) => name.startsWith(word))),
      word,
    ]
  }
  const command = commands.find((candidate) => candidate.names.includes(words[0] ?? ''))
  const candidates = (await command?.candidates?.(context, words.length - 2)) ?? []
  return [withSpace(candidates.filter((candidate) => candidate.startsWith(word.toLowerCase()))), word]
}

function withSpace(matches: string[]): string[] {
  return matches.length === 1 ? matches.map((match) => `${match} `) : matches
}
