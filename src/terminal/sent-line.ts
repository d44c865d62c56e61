import { isSeveralLines } from '../text/plain-text.ts'
import type { HistoryEntry } from './editor/line-history.ts'
import { isPasted, textOf, typedLength, type Unit } from './editor/units.ts'
import type { TypedLine } from './terminal.ts'

/** What a line is when it is sent, from what was typed and what was pasted of it. */
export function lineOf(units: readonly Unit[]): TypedLine & { type: 'line' } {
  const text = textOf(units)
  return {
    type: 'line',
    text,
    ...(units.some(isPastedReference) && { pasted: true }),
    ...(!isSeveralLines(text) && beginsPasted(units) && { onlyPrompt: true }),
  }
}

/** The line as the history keeps it. */
export function entryOf(units: readonly Unit[]): HistoryEntry {
  const text = textOf(units)
  const typed = typedLength(units)
  return typed === text.length ? text : { text, typed }
}

/** Up to the first character that is no blank: that one makes a line a command. */
function beginsPasted(units: readonly Unit[]): boolean {
  const first = units.findIndex((unit) => textOf([unit]).trim() !== '')
  return units.slice(0, first + 1).some(isPasted)
}

function isPastedReference(unit: Unit): boolean {
  return isPasted(unit) && textOf([unit]).includes('@')
}
