import { isOver, type Line, ratioOf } from './measure.ts'

export type Result = Measured | Failed

export interface Measured extends Line {
  row: string
  /** Ours to the floor; null where there is no floor. */
  ratio: number | null
  /** Null where there is no budget. */
  over: boolean | null
}

/** A row that could not be measured, with the reason. */
export interface Failed {
  row: string
  failed: string
}

export function resultOf(row: string, line: Line): Measured {
  return { row, ...line, ratio: ratioOf(line) ?? null, over: isOver(line) ?? null }
}

const widths = [8, 62, 10, 10, 7, 11]

export const heading = columns(['row', 'what', 'floor', 'ours', 'ratio', 'budget', ''])

export function tableLine(result: Result): string {
  if ('failed' in result) return columns([result.row, `FAILED: ${result.failed}`])
  const { row, what, unit, floor, ours, ratio, budget, over, note } = result
  const value = (of: number): string => `${digits(of)} ${unit}`
  return columns([
    row,
    what,
    floor === undefined ? '' : value(floor),
    value(ours),
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    budget === undefined ? '' : 'ratio' in budget ? `≤ ${budget.ratio}×` : `≤ ${budget.value} ${unit}`,
    [over === null ? 'info' : over ? '**OVER**' : 'ok', note].filter(Boolean).join('  '),
  ])
}

/** Three digits are all that such a figure is worth. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2)
}

function columns(words: readonly string[]): string {
  return words
    .map((word, at) => word.padEnd(widths[at] ?? 0))
    .join('  ')
    .trimEnd()
}
