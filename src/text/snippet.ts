import { spaced } from './plain-text.ts'
import type { Range } from './text-search.ts'

/** A piece of a snippet; the marked ones are what was searched for. */
export interface SnippetPart {
  text: string
  marked: boolean
}

/** How much of a message a search shows, in UTF-16 units, and how much of that before the first match. */
const width = 160
const before = 50

/**
 * One line out of a text around its first match, cut at spaces, with `…` where something is left out. Untrusted text:
 * white space and control and format characters are one space each run.
 */
export function snippetOf(text: string, matches: readonly Range[]): SnippetPart[] {
  const first = matches[0]?.[0] ?? 0
  const from = first <= before ? 0 : afterSpace(text, first - before, first)
  const to = Math.min(text.length, Math.max(from + width, Math.min(matches[0]?.[1] ?? 0, from + width * 2)))
  const end = to === text.length ? to : beforeSpace(text, to, Math.max(first + 1, from))
  const parts: SnippetPart[] = []
  let at = from
  for (const [start, stop] of matches) {
    if (start >= end) break
    parts.push({ text: spaced(text.slice(at, start)), marked: false })
    parts.push({ text: spaced(text.slice(start, Math.min(stop, end))), marked: true })
    at = Math.min(stop, end)
  }
  parts.push({ text: spaced(text.slice(at, end)), marked: false })
  if (from > 0) parts.unshift({ text: '…', marked: false })
  if (end < text.length) parts.push({ text: '…', marked: false })
  return trimmed(parts.filter((part) => part.text !== ''))
}

function trimmed(parts: SnippetPart[]): SnippetPart[] {
  const [first, last] = [parts[0], parts.at(-1)]
  if (first) first.text = first.text.trimStart()
  if (last) last.text = last.text.trimEnd()
  return parts
}

/** A text without spaces is cut where it is, but not within a letter. */
function afterSpace(text: string, from: number, limit: number): number {
  const space = text.slice(from, limit).search(/\s/)
  return space === -1 ? from + (isTail(text, from) ? 1 : 0) : from + space + 1
}

function beforeSpace(text: string, to: number, limit: number): number {
  const room = text.slice(limit, to)
  const space = Math.max(room.lastIndexOf(' '), room.lastIndexOf('\n'))
  if (space > room.length / 2) return limit + space
  return isTail(text, to) ? to - 1 : to
}

function isTail(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '')
}
