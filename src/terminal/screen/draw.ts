import { isRisky } from '../editor/letters.ts'
import { type Cell, type Frame, type Position, widthOf, wrappedAnew } from './layout.ts'

/**
 * What to write so that `next` stands where `shown` stood.
 *
 * In another window the terminal has broken the lines anew meanwhile. tmux (`exact`) does it just as we do: mostly
 * nothing is left to draw, and nothing stale stays behind. Elsewhere all is drawn again from where the first row should
 * be now.
 */
export function draw(shown: Frame | undefined, next: Frame, exact = false): string {
  if (!shown) return redraw('', next)
  if (shown.columns === next.columns && shown.height <= next.height) return change(shown, next)
  if (!exact || shown.loose || hasRisky(shown)) return redraw(erase(shown, next.columns), next)
  const base = wrappedAnew(shown, next.columns)
  // Rows that did not fit any more are above the screen, where nothing reaches them.
  const reaches = base.rows.length <= shown.rows.length && base.rows.length <= next.height
  if (reaches || goesDownOnly(base, next)) return change(base, next)
  return redraw(erase(shown, next.columns), next)
}

/**
 * Erases the row of the cursor, and all below. That row is erased by itself: tmux takes what is erased from the very first
 * place of the screen for a text to keep, and scrolls it into its history.
 */
export const eraseBelow = '\r\u001b[K\u001b7\u001b[B\u001b[J\u001b8'

/** Takes a frame off the screen and leaves the cursor where its first row began. */
export function erase(shown: Frame, columns: number): string {
  const { row } = columns === shown.columns ? shown.cursor : wrappedAnew(shown, columns).cursor
  return up(row) + eraseBelow
}

/** All of the screen, whatever stood there. */
export function drawPage({ rows, cursor, height }: Frame): string {
  const lines = rows.map(({ cells }) => `\u001b[2K${cellsText(cells, 0)}`)
  const rest = rows.length < height ? '\r\n\u001b[J' : ''
  return `\u001b[H${lines.join('\r\n')}${rest}\u001b[${cursor.row + 1};${cursor.column + 1}H`
}

function redraw(before: string, next: Frame): string {
  const empty: Frame = { ...next, rows: [{ cells: [], soft: false }], cursor: { row: 0, column: 0 } }
  return before + change(empty, next)
}

/** Both for the same window. */
function change(shown: Frame, next: Frame): string {
  const { columns } = next
  let out = ''
  let at = shown.cursor
  /** The cursor hangs over the last cell of a full row, and the next letter breaks the line. */
  let hangs = false

  for (const [index, { cells }] of next.rows.entries()) {
    const old = shown.rows[index]
    const above = next.rows[index - 1]
    if (above && (!old || shown.rows[index - 1]?.soft !== above.soft)) {
      breakAfter(index - 1, above.cells, above.soft)
      write(index, cells, 0)
    } else {
      const { same, column } = commonStart(old?.cells ?? [], cells)
      if (same === cells.length && same === old?.cells.length) continue
      go({ row: index, column })
      write(index, cells.slice(same), column)
    }
    // On a full row erasing would take the last cell away.
    if (old && !hangs && widthOf(old.cells) > at.column) out += '\u001b[K'
  }
  if (shown.rows.length > next.rows.length) {
    go({ row: next.rows.length, column: 0 })
    out += '\u001b[J'
  }
  if (hangs || at.row !== next.cursor.row || at.column !== next.cursor.column) go(next.cursor)
  return out

  function write(row: number, cells: readonly Cell[], column: number): void {
    out += cellsText(cells, column)
    const end = column + widthOf(cells)
    hangs = cells.length > 0 && end >= columns
    at = { row, column: end }
  }

  /** Rows that are there already are gone to without a newline, which would make a soft break a hard one. */
  function go(to: Position): void {
    out += to.row < at.row ? up(at.row - to.row) : to.row > at.row ? `\u001b[${to.row - at.row}B` : ''
    if (to.column === 0) out += '\r'
    else if (hangs || to.column !== at.column) out += `\u001b[${to.column + 1}G`
    at = to
    hangs = false
  }

  function breakAfter(row: number, cells: readonly Cell[], soft: boolean): void {
    const end = widthOf(cells)
    if (soft && end >= columns && !(hangs && at.row === row)) {
      const last = cells.at(-1)
      go({ row, column: end - (last?.width ?? 0) })
      write(row, cells.slice(-1), at.column)
    } else if (at.row !== row || (soft && at.column !== end)) go({ row, column: Math.min(end, columns - 1) })
    if (!soft) out += '\r\n'
  }
}

/** Whether going from one to the other needs no row above the cursor's. */
function goesDownOnly(shown: Frame, next: Frame): boolean {
  if (next.cursor.row < shown.cursor.row) return false
  return shown.rows.slice(0, shown.cursor.row).every(({ cells, soft }, index) => {
    const row = next.rows[index]
    return (
      row?.soft === soft && commonStart(cells, row.cells).same === Math.max(cells.length, row.cells.length)
    )
  })
}

export function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : ''
}

/** A letter whose width terminals do not agree on must not run over the edge, and the next one's place is said. */
function cellsText(cells: readonly Cell[], column: number): string {
  let text = ''
  let at = column
  for (const cell of cells) {
    at += cell.width
    text +=
      isLetter(cell) && isRisky(cell.text) ? `\u001b[?7l${cell.text}\u001b[?7h\u001b[${at + 1}G` : cell.text
  }
  return text
}

function hasRisky({ rows }: Frame): boolean {
  return rows.some(({ cells }) => cells.some((cell) => isLetter(cell) && isRisky(cell.text)))
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
