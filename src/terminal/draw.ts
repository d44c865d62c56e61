import { isRisky } from './graphemes.ts'
import { type Cell, type Frame, foldedAt, foldedRows, type Position } from './layout.ts'

/**
 * What to write so that `next` stands where `shown` stood. Where the window became another one, the terminal has folded
 * the rows anew meanwhile: everything is drawn again from where the first row must be now.
 */
export function draw(shown: Frame | undefined, next: Frame): string {
  if (!shown || shown.columns !== next.columns) {
    const up = shown ? erase(shown, next.columns) : ''
    const whole = next.rows.map((row) => cellsText(row, 0)).join('\r\n')
    const end = { row: next.rows.length - 1, column: -1 }
    return guarded(next, up + whole + move(end, next.cursor))
  }
  let out = ''
  let at = shown.cursor
  for (const [index, row] of next.rows.entries()) {
    const old = shown.rows[index]
    const { same, column } = commonStart(old ?? [], row)
    if (old && same === row.length && same === old.length) continue
    out += move(at, { row: index, column }) + cellsText(row.slice(same), column)
    const used = widthOf(row)
    // On a full row the cursor hangs over the last cell, which erasing would take away.
    if (old && widthOf(old) > used && used < next.columns) out += '\u001b[K'
    at = { row: index, column: -1 }
  }
  if (shown.rows.length > next.rows.length) {
    const below = { row: next.rows.length, column: 0 }
    out += `${move(at, below)}\u001b[J`
    at = below
  }
  return guarded(next, out + move(at, next.cursor))
}

/** Takes a frame off the screen and leaves the cursor where its first row began. */
export function erase(shown: Frame, columns: number): string {
  return `${up(rowsAbove(shown, columns))}\r\u001b[J`
}

/** How far the cursor is below the frame's first row in a window of `columns`. */
export function rowsAbove({ rows, cursor, columns: drawnAt }: Frame, columns: number): number {
  if (columns === drawnAt) return cursor.row
  const above = rows.slice(0, cursor.row).reduce((total, row) => total + foldedRows(row, columns), 0)
  return above + foldedAt(rows[cursor.row] ?? [], cursor.column, columns).row
}

/** A column of -1 is one that is not known, as after writing. */
function move(from: Position, to: Position): string {
  if (from.row === to.row && from.column === to.column) return ''
  const vertical = to.row < from.row ? up(from.row - to.row) : '\r\n'.repeat(to.row - from.row)
  if (to.row > from.row && to.column === 0) return vertical
  return `${vertical}${to.column === 0 ? '\r' : `\u001b[${to.column + 1}G`}`
}

function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : ''
}

/** After a letter whose width terminals do not agree on, the next one's place is said. */
function cellsText(cells: readonly Cell[], column: number): string {
  let text = ''
  let at = column
  for (const cell of cells) {
    text += cell.text
    at += cell.width
    if (isLetter(cell) && isRisky(cell.text)) text += `\u001b[${at + 1}G`
  }
  return text
}

/** Such a letter must not run over the edge either: the terminal folds nothing while they are drawn. */
function guarded(frame: Frame, text: string): string {
  const risky = frame.rows.some((row) => row.some((cell) => isLetter(cell) && isRisky(cell.text)))
  return risky && text !== '' ? `\u001b[?7l${text}\u001b[?7h` : text
}

function isLetter(cell: Cell): boolean {
  return cell.width > 0 && cell.width <= 2 && !cell.text.startsWith('\u001b')
}

function commonStart(old: readonly Cell[], row: readonly Cell[]): { same: number; column: number } {
  let same = 0
  let column = 0
  while (same < row.length && same < old.length && old[same]?.text === row[same]?.text) {
    column += row[same]?.width ?? 0
    same++
  }
  return { same, column }
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((total, { width }) => total + width, 0)
}
