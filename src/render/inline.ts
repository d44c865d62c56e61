import { address, link } from './inline-links.ts'
import { isLetter, type Piece, plain, reach } from './inline-piece.ts'
import { look, type Run } from './paint.ts'

/**
 * The next piece of a line's text from `at` on, or undefined while more of the line is needed to tell (never when it is
 * `whole`). What is told does not depend on how much of the line is there.
 */
export function nextInline(
  line: string,
  at: number,
  whole: boolean,
): { runs: Run[]; next: number } | undefined {
  const letter = line[at] ?? ''
  if (letter === '\\') return escaped(line, at, whole)
  if (letter === '`') return code(line, at, whole)
  if (letter === '*' || letter === '_' || letter === '~') return emphasis(line, at, whole)
  if (letter === '[' || letter === '!') return link(line, at, whole, inlineRuns)
  if (letter === '<' || letter === 'h') return address(line, at, whole)
  let next = at + 1
  while (next < line.length && !special.test(line[next] ?? '')) next++
  return plain(line.slice(at, next), next)
}

/** All of a text, which is no more than a line. */
export function inlineRuns(text: string, looks = 0): Run[] {
  const runs: Run[] = []
  for (let at = 0; at < text.length; ) {
    const piece = nextInline(text, at, true)
    if (!piece) break
    for (const run of piece.runs) runs.push({ text: run.text, look: run.look | looks })
    at = piece.next
  }
  return runs
}

const special = /[\\`*_~[!<h]/
function escaped(line: string, at: number, whole: boolean): Piece {
  const following = line[at + 1]
  if (following === undefined) return whole ? plain('\\', at + 1) : undefined
  return /[!-/:-@[-`{-~]/.test(following) ? plain(following, at + 2) : plain('\\', at + 1)
}

function code(line: string, at: number, whole: boolean): Piece {
  const open = lengthOf(line, at, '`')
  if (open === reach) return plain(line.slice(at, at + open), at + open)
  if (at + open === line.length && !whole) return undefined
  const limit = Math.min(line.length, at + reach)
  for (let from = at + open; from < limit; ) {
    if (line[from] !== '`') {
      from++
      continue
    }
    const close = lengthOf(line, from, '`')
    if (from + close === line.length && !whole) return undefined
    if (close === open) {
      const inside = line.slice(at + open, from)
      const padded = inside.startsWith(' ') && inside.endsWith(' ') && inside.includes('`')
      return plain(padded ? inside.slice(1, -1) : inside, from + close, look.code)
    }
    from += close
  }
  if (!whole && line.length < at + reach) return undefined
  return plain(line.slice(at, at + open), at + open)
}

function emphasis(line: string, at: number, whole: boolean): Piece {
  const mark = line[at] as '*' | '_' | '~'
  const open = lengthOf(line, at, mark)
  if (at + open === line.length && open < reach && !whole) return undefined
  const literal = plain(line.slice(at, at + open), at + open)
  const after = line[at + open] ?? ' '
  if (open > 3 || (mark === '~' && open !== 2) || after.trim() === '') return literal
  if (mark === '_' && isLetter(line[at - 1])) return literal
  const limit = Math.min(line.length, at + reach)
  for (let from = at + open; from < limit; ) {
    const letter = line[from]
    if (letter === '\\') from += 2
    else if (letter === '`') {
      const span = code(line, from, whole)
      if (!span) return undefined
      from = span.next
    } else if (letter !== mark) from++
    else {
      const close = lengthOf(line, from, mark)
      if (from + close === line.length && !whole) return undefined
      const fits = open === close || close === 3
      const before = line[from - 1] ?? ' '
      if (fits && before.trim() !== '' && !(mark === '_' && isLetter(line[from + close]))) {
        const inside = line.slice(at + open, from + close - open)
        return { runs: inlineRuns(inside, looksOf(mark, open)), next: from + close }
      }
      from += close
    }
  }
  return !whole && line.length < at + reach ? undefined : literal
}

function looksOf(mark: string, count: number): number {
  if (mark === '~') return look.struck
  return (count & 1 ? look.italic : 0) | (count & 2 ? look.bold : 0)
}

/** How many of a letter stand in a row, up to `reach`: more of them are text. */
function lengthOf(line: string, at: number, letter: string): number {
  let end = at
  while (end < at + reach && line[end] === letter) end++
  return end - at
}
