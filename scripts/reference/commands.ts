import { renderUsage } from 'citty'
import { q } from '../../src/cli/tree.ts'
import { subVerb, subVerbs, type Verb } from '../../src/cli/verb.ts'
import { commands } from '../../src/worker/commands/all-commands.ts'
import type { SlashCommand } from '../../src/worker/commands/command.ts'
import { directoryCommands } from '../../src/worker/commands/directory-commands.ts'
import { sessionCommands } from '../../src/worker/commands/session-commands.ts'

/** Every verb with its flags, as `--help` prints them, and every slash command. */
export async function commandReference(): Promise<string> {
  return `Made from the program's own definitions by \`npm run reference\`.\n\n${await verbs(q, ['q'])}${slashCommands()}`
}

async function verbs(command: Verb, path: readonly string[]): Promise<string> {
  const names = Object.keys((await subVerbs(command)) ?? {})
  let text = ''
  for (const name of names) {
    const verb = await subVerb(command, name)
    const meta = verb && (await resolve(verb.meta))
    if (!verb || !meta || meta.hidden) continue
    const called = [...path, name]
    text += `### ${called.join(' ')}\n\n${meta.description}.\n\n\`\`\`text\n${await usage(verb, path)}\n\`\`\`\n\n`
    text += await verbs(verb, called)
  }
  return text
}

/** citty's own rendering, without its first line, its colours and the blanks at line ends. */
async function usage(command: Verb, path: readonly string[]): Promise<string> {
  const text = await renderUsage(command, { meta: { name: path.join(' ') } })
  const lines = text.replaceAll(/\u001b\[\d+m/g, '').split('\n')
  return lines
    .slice(1)
    .filter((line) => !line.startsWith('Use '))
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** Two lists: one would be longer than a screen. */
function slashCommands(): string {
  const about = new Set([...sessionCommands, ...directoryCommands])
  return [
    `### Slash commands in a session\n\nTyped at a session's prompt; Tab completes them.\n\n${list((command) => !about.has(command))}`,
    `### Slash commands about sessions\n\nThe session they are typed in, and the others of the workspace.\n\n${list((command) => about.has(command))}\n`,
  ].join('\n\n')
}

function list(chosen: (command: SlashCommand) => boolean): string {
  const rows = commands
    .filter(chosen)
    .map(({ names, args, help }) => [names.map((name) => `\`${`${name} ${args}`.trim()}\``).join(', '), help])
  return table([['command', 'what it does'], ...rows])
}

/** As the formatter wants it; the guide shows it as it stands. */
function table(rows: readonly string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const [head = '', ...body] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [head, rule, ...body].join('\n')
}

async function resolve<T>(
  value: T | Promise<T> | (() => T | Promise<T>) | undefined,
): Promise<T | undefined> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}
