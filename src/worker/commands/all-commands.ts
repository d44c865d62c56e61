import { exitCode, UserError } from '../../base/errors.ts'
import { mistakes } from '../../text/did-you-mean.ts'
import { wrapWords } from '../../text/plain-text.ts'
import type { Style } from '../../text/style.ts'
import type { SlashCommand } from './command.ts'
import { contextCommands } from './context-commands.ts'
import { directoryCommands } from './directory-commands.ts'
import { historyCommands } from './history-commands.ts'
import { modelCommands } from './model-commands.ts'
import { promptCommands } from './prompt-commands.ts'
import { sessionCommands } from './session-commands.ts'

/** All slash commands, in the order of `/help`. */
export const commands: readonly SlashCommand[] = [
  ...sessionCommands,
  ...directoryCommands,
  ...historyCommands,
  ...promptCommands,
  ...modelCommands,
  ...contextCommands,
  {
    names: ['/help'],
    args: '',
    takes: [0, 0],
    help: 'this list',
    async run(context) {
      for (const line of helpLines(context.style, context.columns())) context.say(line)
      return undefined
    },
  },
  {
    names: ['/quit', '/exit'],
    args: '',
    takes: [0, 0],
    inFull: true,
    help: 'leave; the session stays open and comes back with q mux',
    run: async () => 'quit',
  },
]

/**
 * Finds the command of a line that begins with `/`: by its name, or where it can be undone by the beginning of it. undefined:
 * none was meant. @throws UserError for what is close to one and may mean it
 */
export function findCommand(typed: string): SlashCommand | undefined {
  const word = typed.toLowerCase()
  const exact = commands.find(({ names }) => names.includes(word))
  if (exact) return exact
  const begun = word.length < shortest ? [] : commands.filter(({ names }) => nameBegunBy(names, word))
  const [only, ...others] = begun
  if (only && others.length === 0 && !only.inFull) return only
  if (only) {
    const names = begun.map((command) => nameBegunBy(command.names, word))
    const hint = others.length === 0 ? `if you mean it, type all of ${names[0]}` : 'type more letters of it'
    throw noCommand(`${typed.slice(0, 40)} is the beginning of ${names.join(', ')}`, hint)
  }
  const near = commands
    .flatMap(({ names }) => names)
    .find((name) => name.length > 2 && mistakes(word, name) === 1)
  if (near === undefined) return undefined
  throw noCommand(`there is no command ${typed.slice(0, 40)}`, `did you mean "${near}"?`)
}

function noCommand(message: string, hint: string): UserError {
  return new UserError(message, { hint, exit: exitCode.usage })
}

/** Of a beginning, the `/` included. */
const shortest = 4

function nameBegunBy(names: readonly string[], word: string): string | undefined {
  return names.find((name) => name.startsWith(word))
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
