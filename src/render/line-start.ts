import { cellsOf } from '../text/cells.ts'
import { withoutEnd } from '../text/plain-text.ts'

/** What stands before a line's text, and before the lines that it wraps to. */
export interface Lead {
  first: string
  rest: string
}

/** What a line of Markdown is, told by its beginning. */
export type LineStart =
  | { type: 'blank'; lead: Lead }
  /** Its text begins at `at` and may be shown as it comes. */
  | { type: 'paragraph'; lead: Lead; at: number }
  | { type: 'heading'; lead: Lead; level: number; text: string }
  | { type: 'rule'; lead: Lead }
  | { type: 'fence'; lead: Lead; mark: string; info: string; indent: number; quotes: number }
  | { type: 'row'; lead: Lead; text: string }
  | { type: 'code'; lead: Lead; text: string }

/** An open list item: the column of its mark, and how wide the mark is shown. */
export interface Item {
  column: number
  shown: number
}

export interface Around {
  /** The items around the line before, outermost first. */
  items: readonly Item[]
  quotes: number
  /** The line before was blank, or there was none. */
  afterBlank: boolean
  /** The line before was a paragraph. */
  afterText: boolean
}

export interface Classified {
  start: LineStart
  items: Item[]
  quotes: number
}

/** More of a line than this is not looked at. */
const sight = 200

/** Lists and quotes inside each other: deeper ones are text. */
const depthLimit = 12

/**
 * Tells a line by its beginning: `more` while that is not enough to tell, `all` when the whole line is needed. For a line
 * that is `whole` it always tells. What it tells never changes when more of the line comes.
 */
export function classifyLine(line: string, whole: boolean, around: Around): Classified | 'more' | 'all' {
  let items = [...around.items]
  let quotes = 0
  const lead: Lead = { first: '', rest: '' }
  let listed = false
  let at = 0
  let column = 0
  for (;;) {
    const from = column
    while (line[at] === ' ' || line[at] === '\t') column += line[at++] === '\t' ? 4 - (column % 4) : 1
    if (at >= sight || items.length + quotes > depthLimit)
      return classified({ type: 'paragraph', lead: inside(items, lead, listed), at })
    const rest = line.slice(at, at + sight)
    if (rest === '') {
      if (!whole) return 'more'
      return classified(listed ? { type: 'paragraph', lead, at } : { type: 'blank', lead })
    }
    const far = line.length > at + sight
    const marks = /^([-*_=])(?:[ \t]*\1)*[ \t]*$/.exec(rest)
    if (marks && far) return classified({ type: 'paragraph', lead: inside(items, lead, listed), at })
    if (marks && !whole) return 'more'
    if (marks && isRule(rest, around, listed))
      return classified({ type: 'rule', lead: inside(items, lead, listed) })
    if (rest[0] === '>') {
      const before = listed ? '' : quotes < around.quotes ? ' '.repeat(Math.min(column, 8)) : outside()
      lead.first += `${before}│ `
      lead.rest += `${before}│ `
      if (++quotes > around.quotes) items = listed ? items : []
      at += rest[1] === ' ' ? 2 : 1
      column = 0
      continue
    }
    const mark = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/.exec(rest)?.[0]
    if (!whole && !far && (mark === rest || /^\d{1,9}$/.test(rest))) return 'more'
    if (mark === undefined) return classifyText(from)
    if (!listed) while (items.length > 0 && column < (items.at(-1)?.column ?? 0) + 2) items.pop()
    const shown = mark.length > 1 ? `${mark} ` : '• '
    const outer = listed ? { first: lead.first, rest: lead.rest } : inside(items, lead, false)
    items.push({ column, shown: cellsOf(shown) })
    lead.first = outer.first + shown
    lead.rest = outer.rest + ' '.repeat(cellsOf(shown))
    listed = true
    at += mark.length
    column += mark.length
  }

  /** Indentation of a quote that begins inside list items. */
  function outside(): string {
    while (items.length > 0 && column < (items.at(-1)?.column ?? 0) + 2) items.pop()
    return inside(items, { first: '', rest: '' }, false).first
  }

  function classified(start: LineStart): Classified {
    return { start, items, quotes }
  }

  function classifyText(from: number): Classified | 'more' | 'all' {
    const rest = line.slice(at)
    if (!listed) while (items.length > 0 && column < (items.at(-1)?.column ?? 0) + 2) items.pop()
    const own = inside(items, lead, listed)
    const short = rest.length < 3 && !whole
    if (short && /^(?:`+|~+)$/.test(rest)) return 'more'
    const indented = !listed && items.length === 0 && around.afterBlank && column - from >= 4
    const needsAll = rest[0] === '#' || rest[0] === '|' || /^(?:```|~~~)/.test(rest) || indented
    if (needsAll && !whole) return 'all'
    const fence = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/s.exec(rest)
    if (fence && !indented) {
      const [, mark = '', info = ''] = fence
      return classified({ type: 'fence', lead: own, mark, info: info.trim(), indent: column, quotes })
    }
    if (indented) return classified({ type: 'code', lead: own, text: ' '.repeat(column - from - 4) + rest })
    const [start, hashes] = /^(#{1,6})[ \t]+/.exec(rest) ?? []
    if (start !== undefined && hashes !== undefined) {
      const text = withoutClosing(rest.slice(start.length))
      return classified({ type: 'heading', lead: own, level: hashes.length, text })
    }
    if (rest[0] === '|') return classified({ type: 'row', lead: own, text: rest })
    return classified({ type: 'paragraph', lead: own, at })
  }
}

/** A heading's text without the `#` that may close it, behind a blank. */
function withoutClosing(heading: string): string {
  const text = withoutEnd(heading, ' \t')
  const open = withoutEnd(text, '#')
  return open !== text && /[ \t]$/.test(open) ? withoutEnd(open, ' \t') : text
}

/** A line of `=` is one only below the text that it makes a heading. */
function isRule(rest: string, { afterText }: Around, listed: boolean): boolean {
  if (rest[0] === '=') return afterText && !/[ \t]\S/.test(rest.trim())
  if (listed && rest[0] === '-' && !/---/.test(rest)) return false
  return (rest.match(/\S/g) ?? []).length >= 3
}

/** The lead of text inside these items; `listed`: the line's own marks are in it already. */
function inside(items: readonly Item[], lead: Lead, listed: boolean): Lead {
  if (listed) return lead
  const space = ' '.repeat(items.reduce((sum, { shown }) => sum + shown, 0))
  return { first: lead.first + space, rest: lead.rest + space }
}
