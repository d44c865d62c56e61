import { graphemes } from '../domain/cells.ts'
import { count } from '../domain/text.ts'
import { mayJoin } from './letters.ts'

/** What the cursor steps over: one letter, or a pasted block that is shown folded and sent whole. */
export type Unit = string | Block
export interface Block {
  readonly pasted: string
}

/** More than this is shown folded. */
const mostLines = 5
const mostLetters = 1000

/** A text as units: letters when it is short enough to be shown, else one block. */
export function unitsOf(text: string): Unit[] {
  return isLarge(text) ? [{ pasted: text }] : graphemes(text)
}

export function textOf(units: readonly Unit[]): string {
  return units.map((unit) => (typeof unit === 'string' ? unit : unit.pasted)).join('')
}

/** What is shown of a block. */
export function labelOf(block: Block): string {
  const known = labels.get(block)
  if (known !== undefined) return known
  const { pasted } = block
  const lines = countLines(pasted)
  const number = lines > 1 ? lines : pasted.length
  const size = count(number, lines > 1 ? 'line' : 'character')
  const label = `[pasted ${size.replace(String(number), number.toLocaleString('en-US'))}]`
  labels.set(block, label)
  return label
}

const labels = new WeakMap<Block, string>()

export interface Place {
  readonly units: readonly Unit[]
  readonly at: number
}

/** Puts a text where the cursor is. `more`: it goes on with the block before the cursor, if there is one. */
export function insert({ units, at }: Place, text: string, more = false): Place {
  const before = units[at - 1]
  const after = units[at]
  if (more && typeof before === 'object')
    return { units: units.with(at - 1, { pasted: before.pasted + text }), at }
  if (isLarge(text)) return spliced(units, at, at, [{ pasted: text }], at + 1)
  // An accent joins the letter before it, half a flag the other half.
  const left = typeof before === 'string' && mayJoin(before, text) ? before : ''
  const right = typeof after === 'string' && mayJoin(text, after) ? after : ''
  const joined = graphemes(left + text + right)
  const from = left === '' ? at : at - 1
  const to = right === '' ? at : at + 1
  let cursor = from
  for (let seen = 0; seen < left.length + text.length && cursor - from < joined.length; cursor++)
    seen += joined[cursor - from]?.length ?? 0
  return spliced(units, from, to, joined, cursor)
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
  if (text.length > mostLetters) return true
  return countLines(text) > mostLines
}

function countLines(text: string): number {
  let lines = text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
