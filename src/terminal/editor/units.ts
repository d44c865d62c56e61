import { graphemes } from '../../text/cells.ts'
import { count } from '../../text/plain-text.ts'
import { mayJoin } from './letters.ts'

/** What the cursor steps over: a letter that was typed, one that was pasted, or a text that is shown folded and sent whole. */
export type Unit = string | Piece
export interface Piece {
  readonly text: string
  readonly pasted: boolean
  readonly folded: boolean
}

/** More than this is shown folded. */
const maxLines = 5
const maxLetters = 1000

/** A text as units: letters when it is short enough to be shown, else folded. */
export function unitsOf(text: string, pasted = false): Unit[] {
  if (isLarge(text)) return [{ text, pasted, folded: true }]
  return letters(text, pasted)
}

export function textOf(units: readonly Unit[]): string {
  return units.map(textIn).join('')
}

/** The letter that a unit is; undefined: it is a folded text. */
export function letterIn(unit: Unit): string | undefined {
  if (typeof unit === 'string') return unit
  return unit.folded ? undefined : unit.text
}

export function isPasted(unit: Unit): boolean {
  return typeof unit !== 'string' && unit.pasted
}

/** How many characters were typed before the first that was pasted. */
export function typedLength(units: readonly Unit[]): number {
  const first = units.findIndex(isPasted)
  return textOf(first === -1 ? units : units.slice(0, first)).length
}

/** What is shown of a unit that is no plain letter. */
export function labelOf(piece: Piece): string {
  return piece.folded ? foldedLabel(piece) : piece.text
}

function foldedLabel(piece: Piece): string {
  const known = labels.get(piece)
  if (known !== undefined) return known
  const { text } = piece
  const lines = countLines(text)
  const number = lines > 1 ? lines : text.length
  const size = count(number, lines > 1 ? 'line' : 'character')
  const label = `[pasted ${size.replace(String(number), number.toLocaleString('en-US'))}]`
  labels.set(piece, label)
  return label
}

const labels = new WeakMap<Piece, string>()

export interface Place {
  readonly units: readonly Unit[]
  readonly at: number
}

/** How a text got here. `more`: it goes on with the folded paste before the cursor, if there is one. */
export interface Origin {
  pasted: boolean
  more?: boolean
}

/** Puts a text where the cursor is. */
export function insert({ units, at }: Place, text: string, { pasted, more = false }: Origin): Place {
  const before = units[at - 1]
  const after = units[at]
  if (more && typeof before === 'object' && before.folded && before.pasted)
    return { units: units.with(at - 1, { ...before, text: before.text + text }), at }
  if (isLarge(text)) return spliced(units, at, at, unitsOf(text, pasted), at + 1)
  // An accent joins the letter before it, half a flag the other half.
  const left = joining(before, (letter) => mayJoin(letter, text))
  const right = joining(after, (letter) => mayJoin(text, letter))
  const neighbours = [left === '' ? [] : before, right === '' ? [] : after].flat()
  const joined = letters(
    left + text + right,
    pasted || neighbours.some((unit) => unit !== undefined && isPasted(unit)),
  )
  const from = left === '' ? at : at - 1
  const to = right === '' ? at : at + 1
  let cursor = from
  for (let seen = 0; seen < left.length + text.length && cursor - from < joined.length; cursor++)
    seen += textIn(joined[cursor - from] ?? '').length
  return spliced(units, from, to, joined, cursor)
}

function joining(unit: Unit | undefined, joins: (letter: string) => boolean): string {
  const letter = unit === undefined ? undefined : letterIn(unit)
  return letter !== undefined && joins(letter) ? letter : ''
}

function letters(text: string, pasted: boolean): Unit[] {
  const all = graphemes(text)
  return pasted ? all.map((letter) => ({ text: letter, pasted, folded: false })) : all
}

function textIn(unit: Unit): string {
  return typeof unit === 'string' ? unit : unit.text
}

/** The units between two places are replaced. */
export function spliced(
  units: readonly Unit[],
  from: number,
  to: number,
  by: readonly Unit[],
  at: number,
): Place {
  return { units: [...units.slice(0, from), ...by, ...units.slice(to)], at }
}

function isLarge(text: string): boolean {
  if (text.length > maxLetters) return true
  return countLines(text) > maxLines
}

function countLines(text: string): number {
  let lines = text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
