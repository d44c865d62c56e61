import { UserError } from '../../domain/errors.ts'
import { suggest } from '../../domain/name.ts'
import type { Style } from '../../domain/style.ts'
import type { SlashCommand } from './command.ts'
import { contextCommands } from './context-commands.ts'
import { historyCommands } from './history-commands.ts'
import { modelCommands } from './model-commands.ts'
import { promptCommands } from './prompt-commands.ts'
import { sessionCommands } from './session-commands.ts'

/** All slash commands, in the order of `/help`. */
export const commands: readonly SlashCommand[] = [
  ...sessionCommands,
  ...historyCommands,
  ...promptCommands,
  ...modelCommands,
  ...contextCommands,
  {
    names: ['/help'],
    args: '',
    help: 'this list',
    async run(context) {
      for (const line of helpLines(context.style)) context.say(line)
      return undefined
    },
  },
  {
    names: ['/quit', '/exit'],
    args: '',
    help: 'leave; the session stays open and comes back with q mux',
    run: async () => 'quit',
  },
]

/** Finds the command of a line that begins with `/`. @throws UserError with the nearest one when there is none */
export function findCommand(word: string): SlashCommand {
  const found = commands.find((command) => command.names.includes(word.toLowerCase()))
  if (found) return found
  const known = commands.flatMap((command) => command.names)
  throw new UserError(`there is no command ${word.slice(0, 40)}`, {
    hint: suggest(word, known) ?? 'see /help',
  })
}

function helpLines(style: Style): string[] {
  const rows = commands.map(
    (command) => [[command.names.join(', '), command.args].filter(Boolean).join(' '), command.help] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, help]) => `  ${style.bold(left.padEnd(width))}  ${help}`)
}
