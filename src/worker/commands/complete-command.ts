import { commands } from './all-commands.ts'
import type { CommandContext } from './command.ts'

/** Completes a line at its end, for Tab: `@session/` paths anywhere, commands, and what may stand at an argument's place. */
export async function complete(
  line: string,
  context: CommandContext,
): Promise<[matches: string[], word: string]> {
  const reference = lastReference(line)
  if (reference !== undefined) return [withSpace(await context.files.complete(reference)), reference]
  const words = line.split(/\s+/)
  const word = words.at(-1) ?? ''
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

/** The word at the end of a line if it begins with `@`: blanks belong to it behind a backslash and in open quotes. */
function lastReference(line: string): string | undefined {
  let start = 0
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    if (quoted) quoted = line[at] !== '"'
    else if (line[at] === '\\') at++
    else if (/\s/.test(line[at] ?? '')) start = at + 1
    else if (line[at] === '"') quoted = at === start + 1 && line[start] === '@'
  }
  return line[start] === '@' ? line.slice(start) : undefined
}

function withSpace(matches: string[]): string[] {
  return matches.length === 1 ? matches.map((match) => (match.endsWith('/') ? match : `${match} `)) : matches
}
