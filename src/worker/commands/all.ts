import { didYouMean } from '../../domain/did-you-mean.ts'
import { UserError } from '../../domain/errors.ts'
import type { Style } from '../../domain/style.ts'
import { wrapWords } from '../../domain/text.ts'
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
      for (const line of helpLines(context.style, context.columns())) context.say(line)
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
    hint: didYouMean(word, known) ?? 'see /help',
  })
}

/** What a command does stands in a column of its own, or below it where the screen is too narrow for two. */
function helpLines(style: Style, columns: number): string[] {
  const rows = [
    ...commands.map(
      ({ names, args, help }) => [[names.join(', '), args].filter(Boolean).join(' '), help] as const,
    ),
    ...besideCommands,
  ]
  const width = Math.max(...rows.map(([left]) => left.length))
  const beside = columns - width - 5 >= narrowest
  const indent = ' '.repeat(beside ? width + 4 : 6)
  return rows.flatMap(([left, help]) => {
    const [first = '', ...rest] = wrapWords(help, columns - indent.length - 1)
    const head = `  ${style.bold(beside ? left.padEnd(width) : left)}`
    return [
      ...(beside ? [`${head}  ${first}`] : [head, indent + first]),
      ...rest.map((line) => indent + line),
    ]
  })
}

/** What else a line may hold. */
const besideCommands = [
  ['@PATH', 'within a prompt: sends a file, or the list of a directory, along'],
  ['!COMMAND', 'run a command in your shell; the model does not see it'],
] as const

/** Characters that a column of sentences needs. */
const narrowest = 24
