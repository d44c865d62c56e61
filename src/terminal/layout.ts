import { cellsOf, graphemes, visible } from './graphemes.ts'
import { labelOf, type Unit } from './units.ts'

/** A letter on the screen, or our own words with their styles. */
export interface Cell {
  readonly text: string
  readonly width: number
}

export interface Position {
  readonly row: number
  readonly column: number
}

/** A text as it stands on the screen. No row is wider than `columns`, and the cursor is always inside. */
export interface Frame {
  readonly rows: readonly (readonly Cell[])[]
  readonly cursor: Position
  readonly columns: number
}

const tabWidth = 4

/**
 * Lays out a prompt and what is typed. Of a text that is higher than the screen, the part around the cursor is shown:
 * `height` rows at most.
 */
export function layout(
  prompt: string,
  units: readonly Unit[],
  at: number,
  { columns, height }: { columns: number; height: number },
): Frame {
  const rows: Cell[][] = [[]]
  let row: Cell[] = rows[0] ?? []
  let used = 0
  let cursor: Position = { row: 0, column: 0 }

  for (const cell of promptCells(prompt, columns)) put(cell)
  for (const [index, unit] of units.entries()) {
    if (index === at) cursor = here()
    if (unit === '\n') newRow()
    else if (unit === '\t') for (const cell of blanks(tabWidth - (used % tabWidth))) put(cell)
    else if (typeof unit === 'string') for (const cell of cellsFor(unit)) put(cell)
    else for (const letter of labelOf(unit)) put({ text: letter, width: 1 })
  }
  if (at >= units.length) cursor = here()

  const last = Math.min(rows.length, Math.max(cursor.row + 1, height))
  const first = Math.max(0, last - height)
  return {
    rows: rows.slice(first, last),
    cursor: { row: cursor.row - first, column: cursor.column },
    columns,
  }

  /** Where the next letter goes. After a full row that is the next one, which is made if it is not there. */
  function here(): Position {
    if (used >= columns) newRow()
    return { row: rows.length - 1, column: used }
  }

  function put(cell: Cell): void {
    if (used + cell.width > columns && used > 0) newRow()
    row.push(cell)
    used += cell.width
  }

  function newRow(): void {
    row = []
    rows.push(row)
    used = 0
  }
}

/** How many rows of the screen a row of cells takes at another width, where the terminal folds it. */
export function foldedRows(cells: readonly Cell[], columns: number): number {
  return foldedAt(cells, Number.POSITIVE_INFINITY, columns).row + 1
}

/** Where the terminal puts what stood at `column`. */
export function foldedAt(cells: readonly Cell[], column: number, columns: number): Position {
  let row = 0
  let used = 0
  let seen = 0
  for (const { width } of cells) {
    if (seen >= column) break
    if (used + width > columns && used > 0) {
      row++
      used = 0
    }
    // One of our own prompts, a cell of its own, may be wider than a row.
    row += Math.floor((used + width - 1) / columns)
    used = width > columns ? ((width - 1) % columns) + 1 : used + width
    seen += width
  }
  // The cursor before a letter that begins the next row goes with it; behind the last one it stays.
  const next = cells.length > 0 && seen < sum(cells) ? 1 : 0
  if (used + next > columns) return { row: row + 1, column: 0 }
  return { row, column: used }
}

function sum(cells: readonly Cell[]): number {
  return cells.reduce((total, { width }) => total + width, 0)
}

/** One cell, styles included, where it fits; else its letters without them. */
function promptCells(prompt: string, columns: number): Cell[] {
  const bare = prompt.replaceAll(/\u001b\[[\d;]*m/g, '')
  const letters = graphemes(bare).flatMap(cellsFor)
  const width = sum(letters)
  return width > 0 && width < columns ? [{ text: prompt, width }] : letters
}

function cellsFor(letter: string): Cell[] {
  const shown = visible(letter)
  if (shown === letter) return [{ text: letter, width: cellsOf(letter) }]
  return graphemes(shown).map((text) => ({ text, width: cellsOf(text) }))
}

function blanks(number: number): Cell[] {
  return Array.from({ length: number }, () => ({ text: ' ', width: 1 }))
}
