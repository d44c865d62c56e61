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
const looked = 200

/** Lists and quotes inside each other: deeper ones are text. */
const maxDepth = 12

/** How far a line is read, from its left, and what it stands in so far. */
interface Reading {
  line: string
  whole: boolean
  around: Around
  items: Item[]
  quotes: number
  lead: Lead
  /** A list item begins in this line. */
  listed: boolean
  /** Of the next character: its index and its column. */
  at: number
  column: number
}

/**
 * Tells a line by its beginning: `more` while that is not enough to tell, `all` when the whole line is needed. For a line
 * that is `whole` it always tells. What it tells never changes when more of the line comes.
 */
export function classifyLine(line: string, whole: boolean, around: Around): Classified | 'more' | 'all' {
  const reading: Reading = {
    line,
    whole,
    around,
    items: [...around.items],
    quotes: 0,
    lead: { first: '', rest: '' },
    listed: false,
    at: 0,
    column: 0,
  }
  for (;;) {
    const indent = skipBlanks(reading)
    const known = tooDeep(reading) ?? blank(reading) ?? rule(reading)
    if (known) return known
    if (openQuote(reading)) continue
    const mark = itemMark(reading)
    if (mark === 'more') return 'more'
    if (mark === undefined) return text(reading, indent)
    openItem(reading, mark)
  }
}

/** The columns that were skipped. */
function skipBlanks(reading: Reading): number {
  const from = reading.column
  for (;;) {
    const next = reading.line[reading.at]
    if (next !== ' ' && next !== '\t') return reading.column - from
    reading.at += 1
    reading.column += next === '\t' ? 4 - (reading.column % 4) : 1
  }
}

function tooDeep(reading: Reading): Classified | undefined {
  const { at, items, quotes } = reading
  if (at < looked && items.length + quotes <= maxDepth) return undefined
  return told(reading, { type: 'paragraph', lead: ownLead(reading), at })
}

function blank(reading: Reading): Classified | 'more' | undefined {
  const { line, whole, at, lead, listed } = reading
  if (at < line.length) return undefined
  if (!whole) return 'more'
  return told(reading, listed ? { type: 'paragraph', lead, at } : { type: 'blank', lead })
}

function rule(reading: Reading): Classified | 'more' | undefined {
  const { whole, around, at, listed } = reading
  const rest = restOf(reading)
  if (!/^([-*_=])(?:[ \t]*\1)*[ \t]*$/.test(rest)) return undefined
  if (isCut(reading)) return told(reading, { type: 'paragraph', lead: ownLead(reading), at })
  if (!whole) return 'more'
  return isRule(rest, around, listed) ? told(reading, { type: 'rule', lead: ownLead(reading) }) : undefined
}

/** Goes past the mark of a quote; false where none stands. */
function openQuote(reading: Reading): boolean {
  const { line, around, lead, listed, at } = reading
  if (line[at] !== '>') return false
  const before = listed ? '' : quoteIndent(reading)
  lead.first += `${before}│ `
  lead.rest += `${before}│ `
  reading.quotes += 1
  if (reading.quotes > around.quotes && !listed) reading.items = []
  reading.at += line[at + 1] === ' ' ? 2 : 1
  reading.column = 0
  return true
}

/** `- `, `1. ` and the like, without the blank; `more` for what may become one. */
function itemMark(reading: Reading): string | 'more' | undefined {
  const rest = restOf(reading)
  const mark = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/.exec(rest)?.[0]
  const open = !reading.whole && !isCut(reading)
  return open && (mark === rest || /^\d{1,9}$/.test(rest)) ? 'more' : mark
}

function openItem(reading: Reading, mark: string): void {
  const { items, lead, column } = reading
  if (!reading.listed) leaveItems(reading)
  const before = ownLead(reading)
  const shown = mark.length > 1 ? `${mark} ` : '• '
  items.push({ column, shown: cellsOf(shown) })
  lead.first = before.first + shown
  lead.rest = before.rest + ' '.repeat(cellsOf(shown))
  reading.listed = true
  reading.at += mark.length
  reading.column += mark.length
}

/** What stands inside the quotes and items that were read; `indent`: columns of blanks before it. */
function text(reading: Reading, indent: number): Classified | 'more' | 'all' {
  const { line, whole, around, listed, at, column, quotes } = reading
  if (!listed) leaveItems(reading)
  const rest = line.slice(at)
  const lead = ownLead(reading)
  if (!whole && /^(?:`{1,2}|~{1,2})$/.test(rest)) return 'more'
  const indented = !listed && reading.items.length === 0 && around.afterBlank && indent >= 4
  if (!whole && (indented || /^(?:#|\||```|~~~)/.test(rest))) return 'all'
  if (indented) return told(reading, { type: 'code', lead, text: ' '.repeat(indent - 4) + rest })
  const [, mark, info = ''] = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/s.exec(rest) ?? []
  if (mark !== undefined)
    return told(reading, { type: 'fence', lead, mark, info: info.trim(), indent: column, quotes })
  const [start, hashes] = /^(#{1,6})[ \t]+/.exec(rest) ?? []
  if (start !== undefined && hashes !== undefined) {
    const heading = withoutClosing(rest.slice(start.length))
    return told(reading, { type: 'heading', lead, level: hashes.length, text: heading })
  }
  if (rest[0] === '|') return told(reading, { type: 'row', lead, text: rest })
  return told(reading, { type: 'paragraph', lead, at })
}

function told({ items, quotes }: Reading, start: LineStart): Classified {
  return { start, items, quotes }
}

/** What is looked at of what is not read yet. */
function restOf({ line, at }: Reading): string {
  return line.slice(at, at + looked)
}

/** There is more of the line than what is looked at. */
function isCut({ line, at }: Reading): boolean {
  return line.length > at + looked
}

/** Leaves the items whose text begins further right. */
function leaveItems({ items, column }: Reading): void {
  while (items.length > 0 && column < (items.at(-1)?.column ?? 0) + 2) items.pop()
}

/** The blanks before a quote's bar: as they stand in a quote that goes on, of its items where it begins. */
function quoteIndent(reading: Reading): string {
  if (reading.quotes < reading.around.quotes) return ' '.repeat(Math.min(reading.column, 8))
  leaveItems(reading)
  return withItems(reading.items, { first: '', rest: '' }).first
}

/** Marks of items that begin in this line stand in its lead already. */
function ownLead({ items, lead, listed }: Reading): Lead {
  return listed ? lead : withItems(items, lead)
}

function withItems(items: readonly Item[], lead: Lead): Lead {
  const space = ' '.repeat(items.reduce((sum, { shown }) => sum + shown, 0))
  return { first: lead.first + space, rest: lead.rest + space }
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
