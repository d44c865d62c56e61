import { look, type Run } from './paint.ts'

/** How far a mark's partner may be, in UTF-16 units: beyond that the mark stands for itself. */
const reach = 600

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
  if (letter === '[' || letter === '!') return link(line, at, whole)
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
type Piece = { runs: Run[]; next: number } | undefined

function plain(text: string, next: number, looks = 0): Piece {
  return { runs: [{ text, look: looks }], next }
}

function escaped(line: string, at: number, whole: boolean): Piece {
  const following = line[at + 1]
  if (following === undefined) return whole ? plain('\\', at + 1) : undefined
  return /[!-/:-@[-`{-~]/.test(following) ? plain(following, at + 2) : plain('\\', at + 1)
}

function code(line: string, at: number, whole: boolean): Piece {
  const open = lengthOf(line, at, '`')
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
      const padded = /^ .*[^ ].* $/.test(inside) && inside.includes('`')
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
  if (at + open === line.length && !whole) return undefined
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

/** `[text](url)` and `![text](url)` as `text (url)`. */
function link(line: string, at: number, whole: boolean): Piece {
  const image = line[at] === '!'
  const start = image ? at + 1 : at
  if (start === line.length) return whole ? plain('!', at + 1) : undefined
  if (line[start] !== '[') return plain('!', at + 1)
  const limit = Math.min(line.length, at + reach)
  const cut = !whole && line.length < at + reach
  const literal = plain(line.slice(at, start + 1), start + 1)
  const close = partner(line, start, limit, '[', ']')
  if (close === undefined) return cut ? undefined : literal
  if (close + 1 === line.length && !whole) return undefined
  if (line[close + 1] !== '(') return literal
  const end = partner(line, close + 1, limit, '(', ')')
  if (end === undefined) return cut ? undefined : literal
  const words = line.slice(start + 1, close)
  const url = line.slice(close + 2, end).replace(/^<(.*)>$/, '$1')
  if (words === '' || words === url) return plain(url, end + 1, look.link)
  const target = url === '' ? [] : [{ text: ` (${url})`, look: look.dim }]
  return { runs: [...inlineRuns(words, look.link), ...target], next: end + 1 }
}

/** `<https://…>`, and a bare address, in which nothing is markup. */
function address(line: string, at: number, whole: boolean): Piece {
  const bracket = line[at] === '<'
  const start = bracket ? at + 1 : at
  const head = line.slice(start, start + 8)
  const known = /^https?:\/\//.test(head)
  if (!known) {
    const may = 'https://'.startsWith(head) || 'http://'.startsWith(head)
    return may && !whole ? undefined : plain(line[at] ?? '', at + 1)
  }
  if (!bracket && isLetter(line[at - 1])) return plain('h', at + 1)
  const limit = Math.min(line.length, at + reach)
  let end = start
  while (end < limit && !/[\s<>`]/.test(line[end] ?? '')) end++
  if (end === line.length && !whole && end < at + reach) return undefined
  if (bracket && line[end] === '>') return plain(line.slice(start, end), end + 1, look.link)
  if (bracket) return plain('<', start)
  const bare = /^.*?(?=[*_~'",.;:!?)\]]*$)/s.exec(line.slice(at, end))?.[0] ?? ''
  return plain(bare, at + bare.length, look.link)
}

function partner(line: string, at: number, limit: number, open: string, close: string): number | undefined {
  let depth = 0
  for (let from = at; from < limit; from++) {
    if (line[from] === '\\') from++
    else if (line[from] === open) depth++
    else if (line[from] === close && --depth === 0) return from
  }
  return undefined
}

function lengthOf(line: string, at: number, letter: string): number {
  let end = at
  while (line[end] === letter) end++
  return end - at
}

function isLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}\ud800-\udfff]/u.test(letter)
}
