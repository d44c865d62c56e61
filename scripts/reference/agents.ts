import { agents } from '../../src/agents/agents.ts'
import { declarations } from '../../src/domain/worker-status.ts'

/** A table of what each agent can tell of itself. */
export async function agentsReference(): Promise<string> {
  const rows = agents.map(({ kind, declares, oldest }) => [
    `\`${kind}\``,
    oldest ?? '',
    ...declarations.map((word) => (declares.includes(word) ? 'yes' : '')),
  ])
  const head = ['agent', 'from version', ...declarations]
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => row[at]?.length ?? 0)))
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`
  const table = [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...rows.map(lineOf)]
  return `Made from the program's own list by \`npm run reference\`. \`q mux hooks\` says what holds on your machine.\n\n${table.join('')}`
}
