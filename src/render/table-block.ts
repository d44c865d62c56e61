import { cellsOf } from '../text/cells.ts'
import type { Style } from '../text/style.ts'
import type { Lead, LineStart } from './line-start.ts'
import { type Align, alignsOf, cellsOfRow, layTable, type TableLayout } from './table.ts'

/** As many rows are waited for to find the widths of the columns, in lines of the source. */
const maxRows = 200

export interface Table {
  /** Whether a line that begins with this letter may belong to it: then it is needed whole. */
  mayContinue(first: string): boolean
  /** The next whole line; false: it does not belong to the table. */
  take(line: string): boolean
  /** No more rows come: prints what waits. `text` is a row that turned out to be no table. */
  end(): { lead: Lead; text?: string }
}

export interface TableParts {
  width: () => number
  style: Style
  print(lines: string[]): void
}

/** A line that begins with `|`: a table if the next line says so. */
export function createTable(
  { text, lead }: Extract<LineStart, { type: 'row' }>,
  { width, style, print }: TableParts,
): Table {
  const header = cellsOfRow(text)
  let aligns: Align[] | undefined
  let rows: string[][] = []
  let layout: TableLayout | undefined

  return {
    mayContinue: (first) => first === '|',
    take(line) {
      if (!/^\s*\|/.test(line)) return false
      if (!aligns) {
        const found = alignsOf(line)
        if (found?.length !== header.length) return false
        aligns = found
        return true
      }
      const row = cellsOfRow(line)
      if (layout) print(led(layout.row(row)))
      else if (rows.push(row) >= maxRows) lay(aligns)
      return true
    },
    end() {
      if (!aligns) return { lead, text }
      if (!layout) lay(aligns)
      return { lead }
    },
  }

  function lay(columns: Align[]): void {
    layout = layTable(header, columns, rows, Math.max(10, width() - cellsOf(lead.rest)), style)
    const made = layout
    print(led([...made.top(), ...rows.flatMap((row) => made.row(row))]))
    rows = []
  }

  function led(lines: string[]): string[] {
    return lines.map((line) => lead.rest + line)
  }
}
