import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** A pull request: its title, and the branch name that a person gave to the same thing. */
export interface Row {
  readonly repository: string
  readonly title: string
  readonly branch: string
}

/** The columns of a table, separated by tabs; they are also its first line. */
const columns = ['repository', 'pull_request', 'title', 'branch']

/**
 * The rows of the table that `--titles FILE` names, and which of the flags `others` are there. A command line or a file
 * that cannot be read ends the program with 2, and what is needed on standard error.
 */
export function rowsAsked(
  usage: string,
  others: readonly string[] = [],
): { rows: Row[]; flags: Set<string> } {
  try {
    const options = Object.fromEntries(others.map((name) => [name, { type: 'boolean' as const }]))
    const { values } = parseArgs({ options: { titles: { type: 'string' }, ...options } })
    if (typeof values.titles !== 'string') throw new Error('Expected a table of titles')
    const flags = new Set(others.filter((name) => name in values))
    return { rows: rowsOf(readFileSync(values.titles, 'utf8')), flags }
  } catch (error) {
    const need = `a table of pull requests: lines of ${columns.join(', ')}, separated by tabs, with these words as the first`
    process.stderr.write(
      `${error instanceof Error ? error.message : error}\nusage: ${usage}\nFILE is ${need}\n`,
    )
    process.exit(2)
  }
}

/** @throws when the text is no such table */
export function rowsOf(text: string): Row[] {
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/)
  if (head !== columns.join('\t'))
    throw new Error(`Expected the columns ${columns.join(', ')}, got ${JSON.stringify(head)}`)
  if (lines.length === 0) throw new Error('Expected a table with rows, got only its columns')
  return lines.map((line, at) => {
    const [repository = '', , title = '', branch = '', ...more] = line.split('\t')
    if (!repository || !title || !branch || more.length > 0)
      throw new Error(`Expected ${columns.length} columns in line ${at + 2}, got ${JSON.stringify(line)}`)
    return { repository, title, branch }
  })
}
