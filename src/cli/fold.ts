import type { ShownLine } from '../domain/approval.ts'
import { cellsOf, graphemes } from '../domain/cells.ts'
import { isRisky } from '../terminal/letters.ts'

export interface FoldedRow extends ShownLine {
  /** It goes on with the line of the row before. */
  more: boolean
}

const tabWidth = 8

/** Lines as rows of at most `columns` cells, every letter of them there. Where terminals may differ, it counts generously. */
export function fold(lines: readonly ShownLine[], columns: number): FoldedRow[] {
  return lines.flatMap(({ kind, text }) => {
    const rows: FoldedRow[] = []
    let row = ''
    let used = 0
    for (const letter of graphemes(text)) {
      const tab = letter === '\t' ? tabWidth - (used % tabWidth) : 0
      const cells = tab || Math.max(cellsOf(letter), isRisky(letter) ? 2 : 1)
      if (used + cells > columns && row !== '') {
        rows.push({ kind, text: row, more: rows.length > 0 })
        row = ''
        used = 0
      }
      row += tab > 0 ? ' '.repeat(Math.min(tab, columns - used)) : letter
      used += cells
    }
    return [...rows, { kind, text: row, more: rows.length > 0 }]
  })
}
