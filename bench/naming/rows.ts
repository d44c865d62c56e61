import { readFileSync } from 'node:fs'

/** A pull request: its title, and the branch name that a person gave to the same thing. */
export interface Row {
  readonly repository: string
  readonly title: string
  readonly branch: string
}

/** The rows of a table of pull requests, by default of the one among the tests' data. */
export function readRows(
  file: URL | string = new URL('../../tests/data/session-names.tsv', import.meta.url),
): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [repository = '', , title = '', branch = ''] = line.split('\t')
    return { repository, title, branch }
  })
}
