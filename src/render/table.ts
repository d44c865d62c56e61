import { cellsOf } from '../text/cells.ts'
import type { Style } from '../text/style.ts'
import { createFlow, stripped } from './flow.ts'
import { inlineRuns } from './inline.ts'
import { look, type Run } from './paint.ts'

export type Align = 'left' | 'right' | 'center'

/** The cells of a row; a `\|` is no border. */
export function cellsOfRow(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

/** How the columns stand, if this is the line below a table's header. */
export function alignsOf(row: string): Align[] | undefined {
  const cells = cellsOfRow(row)
  if (!/^\s*\|/.test(row) || !cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined
  return cells.map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : 'left'))
}

/** The way rows are laid out, made of the header and the first rows and kept for those that follow. */
export interface TableLayout {
  top(): string[]
  row(cells: readonly string[]): string[]
}

/** `width` in cells. Where columns would be narrower than 8, each row becomes lines of `header: value`. */
export function layTable(
  header: readonly string[],
  aligns: readonly Align[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
): TableLayout {
  const count = Math.max(header.length, ...rows.map((row) => row.length))
  const natural = Array.from({ length: count }, (_, at) =>
    Math.max(1, ...[header, ...rows].map((row) => visible(row[at] ?? ''))),
  )
  const widths = shrunk(natural, width - 3 * (count - 1))
  if (!widths) return keyed(header, rows.length, width, style)
  const line = (cells: readonly string[], looks: number) =>
    beside(
      widths.map((cells_, at) => wrapped(inlineRuns(cells[at] ?? '', looks), cells_, style)),
      widths,
      aligns,
      style,
    )
  return {
    top: () => [...line(header, look.bold), style.dim(widths.map((cells) => '─'.repeat(cells)).join('─┼─'))],
    row: (cells) => line([...cells.slice(0, count - 1), cells.slice(count - 1).join(' | ')], look.plain),
  }
}

/** Widths that fit: the widest columns give way first. undefined when one would fall below 8 cells. */
function shrunk(natural: readonly number[], room: number): number[] | undefined {
  if (natural.reduce((sum, one) => sum + Math.min(one, 8), 0) > room) return undefined
  const widths = [...natural]
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function keyed(header: readonly string[], rows: number, width: number, style: Style): TableLayout {
  return {
    top: () => (rows > 0 ? [] : wrapped(inlineRuns(header.join(' | '), look.bold), width, style)),
    row: (cells) => [
      ...cells.flatMap((cell, at) => {
        const key = header[at] ?? ''
        const runs = [...inlineRuns(key === '' ? '' : `${key}: `, look.bold), ...inlineRuns(cell)]
        return wrapped(runs, width, style, '  ')
      }),
      style.dim('─'.repeat(Math.min(width, 8))),
    ],
  }
}

function beside(
  cells: readonly string[][],
  widths: readonly number[],
  aligns: readonly Align[],
  style: Style,
): string[] {
  const height = Math.max(1, ...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, at) => padded(lines[line] ?? '', widths[at] ?? 0, aligns[at] ?? 'left'))
      .join(style.dim(' │ '))
      .trimEnd(),
  )
}

function padded(text: string, width: number, align: Align): string {
  const gap = Math.max(0, width - cellsOf(stripped(text)))
  const before = align === 'left' ? 0 : align === 'right' ? gap : Math.floor(gap / 2)
  return ' '.repeat(before) + text + ' '.repeat(gap - before)
}

function wrapped(runs: readonly Run[], width: number, style: Style, hanging = ''): string[] {
  const flow = createFlow(() => width, style)
  flow.begin('', hanging)
  for (const run of runs) flow.add(run.text, run.look)
  flow.end()
  return flow.take().split('\n').slice(0, -1)
}

function visible(cell: string): number {
  return cellsOf(
    inlineRuns(cell)
      .map(({ text }) => text)
      .join(''),
  )
}
