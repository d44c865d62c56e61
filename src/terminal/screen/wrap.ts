import { graphemes } from '../../text/cells.ts'

/** A part of a line that fits into a row. */
export interface WrappedRow {
  text: string
  /** At most. */
  cells: number
  /** In UTF-16 units of the line. */
  length: number
}

const tabWidth = 8

/**
 * A line in rows of at most `columns` cells, every letter of it there. Terminals differ in how wide they draw what is not
 * ASCII, and in what they take for one letter: each character of it counts as two cells, so that no terminal breaks a row
 * where we do not.
 */
export function wrap(line: string, columns: number): WrappedRow[] {
  const rows: WrappedRow[] = []
  let row: WrappedRow = { text: '', cells: 0, length: 0 }
  for (const letter of lettersOf(line, columns)) {
    const tab = letter === '\t' ? tabWidth - (row.cells % tabWidth) : 0
    const cells = tab || mostCells(letter)
    if (row.cells + cells > columns && row.length > 0) {
      rows.push(row)
      row = { text: '', cells: 0, length: 0 }
    }
    const used = tab > 0 ? Math.min(tab, columns - row.cells) : cells
    row.text += tab > 0 ? ' '.repeat(used) : letter
    row.cells += used
    row.length += letter.length
  }
  return [...rows, row]
}

/** As people see them; one that does not fit into a row, such as a hundred vowel signs on one letter, in its parts. */
function lettersOf(line: string, columns: number): string[] {
  return graphemes(line).flatMap((letter) =>
    letter.length > 1 && mostCells(letter) > columns ? [...letter] : [letter],
  )
}

/** What any terminal may give it. */
function mostCells(letter: string): number {
  if (letter.length === 1) return letter < '\u0080' ? 1 : 2
  let cells = 0
  for (const one of letter) if (!/[\p{Mn}\p{Me}]/u.test(one)) cells += one < '\u0080' ? 1 : 2
  return Math.max(1, cells)
}
