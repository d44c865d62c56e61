/** What came of playing one agent. */
export interface Played {
  kind: string
  version: string
  /** `2026-11-27`. */
  date: string
  outcomes: readonly Outcome[]
}

export interface Outcome {
  title: string
  /** `not told`: it cannot declare what this is about. */
  result: 'held' | 'failed' | 'not told' | 'not played'
  words: readonly string[]
  /** How often the truth changed, and how often something else was told 2 s after that. */
  changes: number
  wrong: number
  /** Times in ms. */
  measured: { what: string; ms: number }[]
}

/** The agent has nothing that could be played so. */
export class NotPlayed extends Error {}

const begins = '<!-- what was played: npm run test:agents -- --write -->'
const ends = '<!-- end of what was played -->'

/** A Markdown table: a row for each play, a column for each agent. */
export function tableOf(played: readonly Played[]): string {
  const titles = [...new Set(played.flatMap(({ outcomes }) => outcomes.map(({ title }) => title)))]
  const cell = ({ outcomes }: Played, title: string): string => {
    const outcome = outcomes.find((one) => one.title === title)
    return outcome === undefined
      ? ''
      : ({ held: 'yes', failed: 'no' }[outcome.result as string] ?? outcome.result)
  }
  const rows = [
    ['played', ...played.map(({ kind, version, date }) => `\`${kind}\` ${version}, ${date}`)],
    ...titles.map((title) => [title, ...played.map((one) => cell(one, title))]),
    ['changes of what it does; told otherwise 2 s after', ...played.map(({ outcomes }) => counts(outcomes))],
    ...['last byte → name in the corner', 'last byte → told', 'request → told'].map((what) => [
      `${what}: p50, p99`,
      ...played.map((one) => percentiles(one, what)),
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...rest] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n')
}

export function figuresOf(played: Played): string[] {
  const all = new Set(played.outcomes.flatMap(({ measured }) => measured.map(({ what }) => what)))
  return [...all].map((what) => `${played.kind}: ${what}: ${percentiles(played, what)}`)
}

function counts(outcomes: readonly Outcome[]): string {
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((all, outcome) => all + of(outcome), 0)
  return `${sum(({ changes }) => changes)}; ${sum(({ wrong }) => wrong)}`
}

function percentiles({ outcomes }: Played, what: string): string {
  const times = outcomes
    .flatMap(({ measured }) => measured)
    .filter((one) => one.what === what)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)
  if (times.length === 0) return ''
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return `${at(0.5)} ms, ${at(0.99)} ms (${times.length} times)`
}

/** The page with the table between the markers. @throws when it has none */
export function pageWith(page: string, table: string): string {
  const [from, to] = [page.indexOf(begins), page.indexOf(ends)]
  if (from === -1 || to < from) throw new Error(`Expected these lines in the page: ${begins} and ${ends}`)
  return `${page.slice(0, from + begins.length)}\n\n${table}\n\n${page.slice(to)}`
}
