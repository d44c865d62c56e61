import { cellsOf, graphemes } from '../text/cells.ts'
import { visible } from './editor/letters.ts'
import type { Key } from './keys/key.ts'
import type { Cell, Frame } from './screen/layout.ts'

/** One of several answers to a question. */
export interface Choice {
  /** What is typed is looked for in it. */
  value: string
  /** Our own words beside it: `(answers now)`. */
  note?: string
}

/** The answers below a question, and which of those that match is marked. */
export interface Choosing {
  readonly choices: readonly Choice[]
  readonly at: number
}

const maxRows = 10

/** Those that have each word of what is typed in them; upper and lower case are one. */
function matching({ choices }: Choosing, typed: string): readonly Choice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return choices.filter(({ value }) => words.every((word) => value.toLowerCase().includes(word)))
}

/** Where the mark goes with a key; undefined for a key that does not move it. */
export function moved(choosing: Choosing, typed: string, key: Key): Choosing | undefined {
  if (key.type !== 'press') return undefined
  const last = Math.max(0, matching(choosing, typed).length - 1)
  if (key.name === 'Up' || key.name === 'C-p') return { ...choosing, at: Math.max(0, choosing.at - 1) }
  if (key.name === 'Down' || key.name === 'C-n') return { ...choosing, at: Math.min(last, choosing.at + 1) }
  return undefined
}

/** What Enter answers: the marked one, or what is typed where nothing matches. */
export function chosen(choosing: Choosing, typed: string): string {
  return matching(choosing, typed)[choosing.at]?.value ?? typed.trim()
}

/** The question's frame with the answers below it. */
export function withChoices(frame: Frame, choosing: Choosing, typed: string): Frame {
  const { columns, height } = frame
  const matches = matching(choosing, typed)
  const room = Math.min(maxRows, height - frame.rows.length - 1)
  if (room < 1) return frame
  const first = Math.max(0, choosing.at - room + 1)
  const lines = matches.slice(first, first + room).map(({ value, note = '' }, index) => {
    const mark = index + first === choosing.at ? '>' : ' '
    return `${mark} ${value}${note && `  ${note}`}`
  })
  if (matches.length === 0) lines.push('  (not in the list; Enter takes what you typed)')
  lines.push('  type to narrow, Up, Down, Enter; Esc leaves it as it is')
  return { ...frame, loose: true, rows: [...frame.rows, ...lines.map((line) => row(line, columns))] }
}

function row(line: string, columns: number): { cells: Cell[]; soft: boolean } {
  const cells: Cell[] = []
  let used = 0
  for (const letter of graphemes(line)) {
    const text = visible(letter)
    const width = text === letter ? cellsOf(letter) : text.length
    used += width
    if (used >= columns) break
    cells.push({ text, width })
  }
  return { cells, soft: false }
}
