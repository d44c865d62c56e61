import { withoutEnd } from '../text/plain-text.ts'
import { isLetter, type Piece, plain, reach } from './inline-piece.ts'
import { look, type Run } from './paint.ts'

/** `[text](url)` and `![text](url)` as `text (url)`; `runsOf` reads the text's own marks. */
export function link(
  line: string,
  at: number,
  whole: boolean,
  runsOf: (text: string, looks: number) => Run[],
): Piece {
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
  return { runs: [...runsOf(words, look.link), ...target], next: end + 1 }
}

/** `<https://…>`, and a bare address, in which nothing is markup. */
export function address(line: string, at: number, whole: boolean): Piece {
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
  const bare = withoutEnd(line.slice(at, end), `*_~'",.;:!?)]`)
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
