import type { Call, ShownLine } from '../../domain/approval.ts'
import { bar, withoutBars } from '../../text/bar.ts'
import { count } from '../../text/plain-text.ts'
import { sanitize } from '../../text/sanitizer.ts'
import type { Style } from '../../text/style.ts'
import { wrap } from './wrap.ts'

/** One row of a call on the screen. */
export interface CallRow {
  /** Painted, its bar included. */
  text: string
  /** At most so many. */
  cells: number
  /** How much has been seen with this row, in UTF-16 units, line ends counted: the same in every window. */
  end: number
}

/**
 * A call for a terminal of so many columns (Infinity: not wrapped): the tool and how much it is, then what would run, a bar
 * left of each row and an arrow behind the bar where a line goes on, then our notes.
 */
export function callRows(call: Call, columns: number, style: Style): CallRow[] {
  const notes = call.lines.filter(isNote)
  const lines: CallLine[] = [
    plain(`${nameOf(call)} (${sizeOf(call)}):`, style.bold),
    ...called(call).map(({ kind, text }) => barred(text, style, paintOf(kind, style))),
    ...notes.map(({ text }) => ({ text, first: '  ', next: '  ', cells: 2, paint: style.dim })),
  ]
  return rowsOf(lines, columns)
}

/** What `t` would trust, for where the question does not say it. `after`: what was there to be seen before. */
export function trustRows(trust: string, after: number, columns: number, style: Style): CallRow[] {
  return rowsOf([plain('t trusts, for this session:', style.dim), barred(trust, style)], columns, after)
}

/** Tool, size and the first line that is not blank in a single row, for directly above the question. */
export function gistRow(call: Call, columns: number, style: Style): CallRow {
  const lines = called(call)
  const first = lines.find(({ text }) => text.trim() !== '')
  // Of a long name there is less, and no size in a narrow window: some of the line stands there, and one row is one row.
  const least = Math.max(1, Math.min(16, columns >> 2))
  const size = [` (${sizeOf(call)}) `, ` (${shortSizeOf(call)}) `, ' '].find(
    (words) => words.length <= columns - least - 11,
  )
  const name = cut(nameOf(call), columns - (size ?? ' ').length - least - 3)
  const title = name.text + (size ?? ' ')
  const titleCells = name.cells + (size ?? ' ').length
  const line = cut(safe(first?.text ?? ''), columns - titleCells - 3, lines.length > 1)
  const paint = paintOf(first?.kind ?? 'text', style)
  return {
    text: `${style.bold(title)}${style.yellow(bar)} ${paint(line.text)}`,
    cells: titleCells + 2 + line.cells,
    end: 0,
  }
}

/** How a call stands on the screen about which nobody is asked: in one row where that is enough. */
export function runRows(call: Call, columns: number, style: Style): string[] {
  const [only, ...more] = call.lines
  if (only && more.length === 0) {
    const name = nameOf(call)
    const [row, ...next] = wrap(safe(only.text), Math.max(1, columns - name.length - 4))
    if (row && next.length === 0)
      return [`${style.bold(name)} ${style.yellow(bar)} ${paintOf(only.kind, style)(row.text)}`]
  }
  return callRows(call, columns, style).map(({ text }) => text)
}

/** A line and what stands before its rows. */
interface CallLine {
  text: string
  first: string
  next: string
  /** Of `first` and of `next`. */
  cells: number
  paint(text: string): string
}

type Paint = CallLine['paint']

function plain(text: string, paint: Paint): CallLine {
  return { text, first: '', next: '', cells: 0, paint }
}

function barred(text: string, style: Style, paint: Paint = (same) => same): CallLine {
  const mark = style.yellow(bar)
  return { text, first: `${mark} `, next: `${mark}${style.dim('↳')}`, cells: 2, paint }
}

function rowsOf(lines: readonly CallLine[], columns: number, after = 0): CallRow[] {
  let end = after
  return lines.flatMap(({ text, first, next, cells, paint }) => {
    const wrapped = wrap(safe(text), Math.max(1, columns - cells - 1))
    return wrapped.map((row, at) => {
      end += row.length + (at === wrapped.length - 1 ? 1 : 0)
      return { text: (at === 0 ? first : next) + paint(row.text), cells: cells + row.cells, end }
    })
  })
}

/** `45 lines`, or of a change `3 lines added, 2 removed`. */
function sizeOf(call: Call): string {
  const kinds = called(call).map(({ kind }) => kind)
  const added = kinds.filter((kind) => kind === 'add').length
  const removed = kinds.filter((kind) => kind === 'remove').length
  if (added === 0) return removed === 0 ? count(kinds.length, 'line') : `${count(removed, 'line')} removed`
  return `${count(added, 'line')} added${removed === 0 ? '' : `, ${removed} removed`}`
}

/** `+3 -2` where that is shorter. */
function shortSizeOf(call: Call): string {
  return sizeOf(call).replace(
    /^(\d+) lines? added(?:, (\d+) removed)?$/,
    (_, added: string, removed?: string) => (removed === undefined ? `+${added}` : `+${added} -${removed}`),
  )
}

function nameOf({ tool }: Call): string {
  return safe(tool)
}

function called({ lines }: Call): ShownLine[] {
  return lines.filter((line) => !isNote(line))
}

function isNote({ kind }: ShownLine): boolean {
  return kind === 'note'
}

/** Changes nothing that was revealed; but questions come out of a database, a file that others can write. */
function safe(text: string): string {
  return withoutBars(sanitize(text)).replaceAll('\n', ' ')
}

function paintOf(kind: ShownLine['kind'], style: Style): Paint {
  const paint: Record<ShownLine['kind'], Paint> = {
    text: (text) => text,
    add: style.green,
    remove: style.red,
    hunk: style.cyan,
    note: style.dim,
  }
  return paint[kind]
}

/** The beginning of a text, with an ellipsis where it goes on, or where `more` says that something follows. */
function cut(text: string, cells: number, more = false): { text: string; cells: number } {
  const [whole, ...rest] = wrap(text, Math.max(1, cells))
  if (whole && rest.length === 0 && !more && whole.cells <= cells) return whole
  // The ellipsis is two cells wide somewhere.
  const [beginning] = wrap(text, Math.max(1, cells - 2))
  if (beginning && beginning.cells + 2 <= cells)
    return { text: `${beginning.text}…`, cells: beginning.cells + 2 }
  return cells < 2 ? { text: '', cells: 0 } : { text: '…', cells: 2 }
}
