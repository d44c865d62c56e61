import type { LineCommand } from '../../domain/line-commands.ts'
import { cellsOf } from '../../text/cells.ts'
import type { Editor } from './editor-state.ts'
import { visible } from './letters.ts'
import { labelOf, letterIn, type Place, type Unit } from './units.ts'

/** Where a command moves the cursor. */
export const motions = {
  'char-left': ({ at }) => Math.max(0, at - 1),
  'char-right': ({ units, at }) => Math.min(units.length, at + 1),
  'word-left': wordStart,
  'word-right': wordEnd,
  'line-start': lineStart,
  'line-end': lineEnd,
  'text-start': () => 0,
  'text-end': ({ units }) => units.length,
} satisfies Partial<Record<LineCommand, (place: Place) => number>>

/** Of the line of the text that the cursor is in. */
export function lineStart({ units, at }: Place): number {
  let start = at
  while (start > 0 && !isNewline(units[start - 1])) start--
  return start
}

export function lineEnd({ units, at }: Place): number {
  let end = at
  while (end < units.length && !isNewline(units[end])) end++
  return end
}

export function wordStart({ units, at }: Place): number {
  let start = at
  while (start > 0 && !isWord(units[start - 1])) start--
  if (isFolded(units[start - 1])) return start - 1
  while (start > 0 && isWord(units[start - 1]) && !isFolded(units[start - 1])) start--
  return start
}

export function wordEnd({ units, at }: Place): number {
  let end = at
  while (end < units.length && !isWord(units[end])) end++
  if (isFolded(units[end])) return end + 1
  while (end < units.length && isWord(units[end]) && !isFolded(units[end])) end++
  return end
}

/** A line up or down inside the text, to the column where this began; undefined where there is no such line. */
export function vertical(editor: Editor, by: -1 | 1): Editor | undefined {
  const { units, at } = editor
  const start = lineStart(editor)
  const end = lineEnd(editor)
  if (by === -1 ? start === 0 : end === units.length) return undefined
  const goal = editor.last === 'vertical' ? editor.goal : width(units.slice(start, at))
  let next = by === -1 ? lineStart({ units, at: start - 1 }) : end + 1
  const stop = lineEnd({ units, at: next })
  for (let column = 0; next < stop; next++) {
    column += width(units.slice(next, next + 1))
    if (column > goal) break
  }
  return { ...editor, at: next, goal, last: 'vertical' }
}

function width(units: readonly Unit[]): number {
  return units.reduce<number>((total, unit) => total + widthOf(unit), 0)
}

function widthOf(unit: Unit): number {
  const letter = letterIn(unit)
  if (letter !== undefined) return cellsOf(visible(letter))
  return typeof unit === 'object' ? labelOf(unit).length : 0
}

function isNewline(unit: Unit | undefined): boolean {
  return unit !== undefined && letterIn(unit) === '\n'
}

function isWord(unit: Unit | undefined): boolean {
  if (unit === undefined) return false
  return isFolded(unit) || /[\p{L}\p{N}_\p{Extended_Pictographic}]/u.test(letterIn(unit) ?? '')
}

function isFolded(unit: Unit | undefined): boolean {
  return unit !== undefined && letterIn(unit) === undefined
}
