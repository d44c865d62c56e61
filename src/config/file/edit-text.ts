import { type SettingKey, splitKey } from '../settings.ts'
import type { TomlDocument, TomlEntry } from './toml.ts'

/** A text and what the parser found in it. */
export interface Parsed {
  text: string
  document: TomlDocument
}

/** The text with `key` set to `literal`, everything else byte for byte as it was. `literal` is a TOML value. */
export function withValue({ text, document }: Parsed, key: SettingKey, literal: string): string {
  const [section, name] = splitKey(key)
  const present = find(document, key)
  if (present !== undefined) return text.slice(0, present.valueStart) + literal + text.slice(present.end)

  const siblings = document.entries.filter(({ path }) => path.slice(0, -1).join('.') === section)
  const inline = siblings.findLast((entry) => entry.inline)
  if (inline !== undefined)
    return `${text.slice(0, inline.end)}, ${name} = ${literal}${text.slice(inline.end)}`
  const dotted = siblings.findLast((entry) => entry.table.length === 0)
  if (dotted !== undefined) return insertLine(text, dotted.end, `${indent(text, dotted)}${key} = ${literal}`)
  const header = document.tables.find(({ path, kind }) => kind === 'standard' && path.join('.') === section)
  if (header === undefined) return appendSection(text, section, `${name} = ${literal}`)
  const last = document.entries.findLast((entry) => entry.table.join('.') === section)
  return insertLine(text, last?.end ?? header.end, `${last ? indent(text, last) : ''}${name} = ${literal}`)
}

/**
 * The text without the line of `key`, its comment included; the same text if the key is not there, undefined if it is
 * inside an inline table.
 */
export function withoutValue({ text, document }: Parsed, key: SettingKey): string | undefined {
  const present = find(document, key)
  if (present === undefined) return text
  if (present.inline) return undefined
  const next = text.indexOf('\n', present.end)
  return text.slice(0, lineStart(text, present.start)) + (next === -1 ? '' : text.slice(next + 1))
}

function find(document: TomlDocument, key: SettingKey): TomlEntry | undefined {
  return document.entries.find(({ path }) => path.join('.') === key)
}

/** Below the line that holds `offset`. */
function insertLine(text: string, offset: number, line: string): string {
  const end = text.indexOf('\n', offset)
  if (end === -1) return text + lineEnd(text) + line
  return text.slice(0, end + 1) + line + lineEnd(text) + text.slice(end + 1)
}

function appendSection(text: string, section: string, line: string): string {
  const newline = lineEnd(text)
  const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline
  return `${text}${gap}[${section}]${newline}${line}${newline}`
}

function indent(text: string, entry: TomlEntry): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, entry.start), entry.start))?.[0] ?? ''
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The file's own line end, as its first line has it. */
function lineEnd(text: string): string {
  const first = text.indexOf('\n')
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n'
}
