import { isObject, parseJson } from '../base/json.ts'
import { Mismatch } from './transcript-check.ts'
import { transcriptError } from './transcript-error.ts'

/** A part of a Markdown transcript: its mark, and the lines up to the next one. */
export interface Part {
  /** Counts from 1. */
  line: number
  kind: string
  facts: Record<string, unknown>
  body: string[]
}

/** The mark that begins a part, at the beginning of a line or behind a heading there. */
export function mark(kind: string, facts?: Record<string, unknown>): string {
  // A `>` could end the comment.
  const json = facts ? ` ${JSON.stringify(facts).replaceAll('>', '\\u003e')}` : ''
  return `<!-- q:${kind}${json} -->`
}

/** Cuts a text at its marks. @throws UserError for a line that looks like one and is none */
export function splitAtMarks(text: string, file: string): Part[] {
  const parts: Part[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (!looksLikeMark.test(line)) parts.at(-1)?.body.push(line)
    else {
      const { kind, json } = partsOfMark(line)
      const facts = parseJson(json)
      if (kind === undefined || !isObject(facts))
        throw transcriptError(
          file,
          index + 1,
          'this line begins like a mark of /save but is not one; put a backslash before it',
        )
      parts.push({ line: index + 1, kind, facts, body: [] })
    }
  }
  return parts
}

/** A line that begins like a mark has one, at its end. */
function partsOfMark(line: string): { kind?: string; json: string } {
  const inside = line.slice(line.indexOf('<!-- q:') + '<!-- q:'.length)
  if (!inside.endsWith(' -->')) return { json: '' }
  const [, kind, json] = /^([a-z_]+)(?: (\{.*))?$/s.exec(inside.slice(0, -' -->'.length)) ?? []
  return kind === undefined ? { json: '' } : { kind, json: json ?? '{}' }
}

/** A text without marks: a backslash goes before each line that looks like one, with backslashes before it or not. */
export function hideMarks(text: string): string {
  return text
    .split('\n')
    .map((line) => (looksLikeMark.test(line) || hidden.test(line) ? `\\${line}` : line))
    .join('\n')
}

/** The lines that `hideMarks` made, as they were. */
export function showMarks(lines: readonly string[]): string {
  return lines.map((line) => (hidden.test(line) ? line.slice(1) : line)).join('\n')
}

/** @throws Mismatch */
export function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text)
  if (isObject(value)) return value
  throw new Mismatch('what follows must be a JSON object')
}

const looksLikeMark = /^(?:## .*)?<!-- q:/s
const hidden = /^\\+(?:## .*)?<!-- q:/s
