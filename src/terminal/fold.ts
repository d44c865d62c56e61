import { cellsOf, graphemes } from '../domain/cells.ts'

/** A part of a line that fits into a row. */
export interface Folded {
  text: string
  /** At most. */
  cells: number
  /** In UTF-16 units of the line. */
  length: number
}

const tabWidth = 8

/**
 * A line in rows of at most `columns` cells, every letter of it there. Terminals differ in how wide they draw what is not
 * ASCII: it counts as two cells, so that no terminal breaks a row where we do not.
 */
export function fold(line: string, columns: number): Folded[] {
  const rows: Folded[] = []
  let row: Folded = { text: '', cells: 0, length: 0 }
  for (const letter of graphemes(line)) {
    const tab = letter === '\t' ? tabWidth - (row.cells % tabWidth) : 0
    const cells = tab || (letter < '\u0080' ? 1 : Math.max(2, cellsOf(letter)))
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
