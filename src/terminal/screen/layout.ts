import { withoutBars } from '../../text/bar.ts'
import { cellsOf, graphemes } from '../../text/cells.ts'
import { isRisky, visible } from '../editor/letters.ts'
import { labelOf, letterIn, type Unit } from '../editor/units.ts'

/** A letter on the screen, or our own words with their styles. */
export interface Cell {
  readonly text: string
  readonly width: number
}

export interface Row {
  readonly cells: readonly Cell[]
  /** The next row goes on with the same line: the terminal broke it, and breaks it anew in another window. */
  readonly soft: boolean
}

export interface Position {
  readonly row: number
  readonly column: number
}

/** A text as it stands on the screen. No row is wider than `columns`, and the cursor is always inside. */
export interface Frame {
  readonly rows: readonly Row[]
  readonly cursor: Position
  readonly columns: number
  readonly height: number
  /** The rows below the cursor's may be lost in another window: all is drawn anew there. */
  readonly loose?: boolean
  /** It is for the other screen of the terminal, and has all of that. */
  readonly page?: boolean
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
  const rows: { cells: Cell[]; soft: boolean }[] = []
  let used = 0
  let row = newRow()
  let cursor: Position = { row: 0, column: 0 }

  for (const cell of promptCells(prompt, columns)) put(cell)
  for (const [index, unit] of units.entries()) {
    const letter = letterIn(unit)
    if (index === at) cursor = here(letter === '\n')
    if (letter === '\n') row = newRow()
    else if (letter === '\t') for (const cell of blanks(tabWidth - (used % tabWidth))) put(cell)
    else if (letter !== undefined) for (const cell of cellsFor(letter)) put(cell)
    else if (typeof unit === 'object') for (const text of labelOf(unit)) put({ text, width: 1 })
  }
  if (at >= units.length) cursor = here(true)

  const last = Math.min(rows.length, Math.max(cursor.row + 1, height))
  const first = Math.max(0, last - height)
  const shown = rows.slice(first, last)
  return { rows: shown, cursor: { row: cursor.row - first, column: cursor.column }, columns, height }

  /** Where the next letter goes. After a full row that is the next one, with a blank to stand on where nothing comes. */
  function here(lineEnds: boolean): Position {
    if (used >= columns && lineEnds) {
      put({ text: ' ', width: 1 })
      return { row: rows.length - 1, column: 0 }
    }
    return used >= columns ? { row: rows.length, column: 0 } : { row: rows.length - 1, column: used }
  }

  function put(cell: Cell): void {
    if (used + cell.width > columns && used > 0) {
      // Where the terminal cannot be trusted to break the line, we do.
      row.soft = !isRisky(cell.text) && !isRisky(row.cells.at(-1)?.text ?? '')
      row = newRow()
    }
    row.cells.push(cell)
    used += cell.width
  }

  function newRow(): { cells: Cell[]; soft: boolean } {
    const made = { cells: [], soft: false }
    rows.push(made)
    used = 0
    return made
  }
}

/** What a terminal makes of a frame when its window gets another width: it breaks the lines anew, and only those. */
export function wrappedAnew(frame: Frame, columns: number): Frame {
  const rows: { cells: Cell[]; soft: boolean }[] = []
  let cursor: Position | undefined
  let used = 0
  for (const [index, row] of frame.rows.entries()) {
    if (!frame.rows[index - 1]?.soft) begin()
    let column = 0
    for (const cell of row.cells.flatMap((cell) =>
      cell.width > 2 && cell.width > columns ? split(cell) : cell,
    )) {
      if (used + cell.width > columns && used > 0) begin(true)
      if (index === frame.cursor.row && column <= frame.cursor.column)
        cursor = here(frame.cursor.column - column)
      rows.at(-1)?.cells.push(cell)
      used += cell.width
      column += cell.width
    }
    // Behind the last letter the cursor stays there.
    if (index === frame.cursor.row && column <= frame.cursor.column) cursor = here(0)
  }
  return { ...frame, rows, cursor: cursor ?? frame.cursor, columns }

  function begin(soft = false): void {
    const last = rows.at(-1)
    if (last) last.soft = soft
    rows.push({ cells: [], soft: false })
    used = 0
  }

  function here(further: number): Position {
    return { row: rows.length - 1, column: used + further }
  }
}

export function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((total, { width }) => total + width, 0)
}

/** Our prompt in a window that it does not fit into: cells like no other, so that all of it is drawn again. */
function split({ width }: Cell): Cell[] {
  return Array.from({ length: width }, () => ({ text: '', width: 1 }))
}

/** One cell, styles included, where it fits; else its letters without them. */
function promptCells(prompt: string, columns: number): Cell[] {
  const safe = withoutBars(prompt)
  const bare = safe.replaceAll(/\u001b\[[\d;]*m/g, '')
  const letters = graphemes(bare).flatMap(cellsFor)
  const width = widthOf(letters)
  return width > 0 && width < columns ? [{ text: safe, width }] : letters
}

function cellsFor(letter: string): Cell[] {
  const shown = visible(letter)
  if (shown === letter) return [{ text: letter, width: cellsOf(letter) }]
  return graphemes(shown).map((text) => ({ text, width: cellsOf(text) }))
}

function blanks(number: number): Cell[] {
  return Array.from({ length: number }, () => ({ text: ' ', width: 1 }))
}
