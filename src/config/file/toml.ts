import { type AST, ParseError, parseTOML } from 'toml-eslint-parser'

/** A `key = value`, wherever it stands. Offsets count from the start of the text, end excluded. */
export interface TomlEntry {
  /** From the root: `[ui]` + `x = 1`, `ui.x = 1` and `ui = { x = 1 }` are all `['ui', 'x']`. */
  path: string[]
  line: number
  /** undefined for what no setting can hold: a date, an array of anything but texts. */
  value: string | number | boolean | string[] | undefined
  /** Of a list: the line of each item. */
  itemLines: number[]
  /** Offsets of the whole `key = value`, and of the value alone. */
  start: number
  end: number
  valueStart: number
  /** The `[table]` it stands below; empty above the first one. */
  table: string[]
  inline: boolean
}

/** A table: a `[header]`, an `[[array]]` header, or an inline `{ … }`. */
export interface TomlTable {
  path: string[]
  line: number
  kind: 'standard' | 'array' | 'inline'
  /** Offset after the header's key. */
  end: number
}

export interface TomlDocument {
  entries: TomlEntry[]
  tables: TomlTable[]
}

/** The one door to the TOML parser: import it only when there is a file. `line` and `index` say where it went wrong. */
export function parseToml(
  text: string,
): { ok: true; document: TomlDocument } | { ok: false; line: number; index: number; words: string } {
  const tooMuch = beyondLimits(text)
  if (tooMuch) return { ok: false, ...tooMuch }
  try {
    const [root] = parseTOML(text).body
    const document: TomlDocument = { entries: [], tables: [] }
    for (const node of root.body) {
      if (node.type === 'TOMLTable') addTable(document, node)
      else addEntry(document, node, { base: [], table: [], inline: false })
    }
    return { ok: true, document }
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, line: 1, index: 0, words: 'it is nested too deeply' }
    if (!(error instanceof ParseError)) throw error
    return { ok: false, line: error.lineNumber, index: error.index, words: error.message }
  }
}

/** The parser looks at every table for every other one, and at every part of a name for all before it. */
const most = { tables: 1000, parts: 50 }

function beyondLimits(text: string): { line: number; index: number; words: string } | undefined {
  let tables = 0
  let index = 0
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trimStart().startsWith('[') && ++tables > most.tables)
      return { line: at + 1, index, words: `there are more than ${most.tables} tables` }
    const [name = ''] = line.split('=', 1)
    if (name.split('.', most.parts + 1).length > most.parts && !/["'#]/.test(name))
      return { line: at + 1, index, words: `a name has more than ${most.parts} parts` }
    index += line.length + 1
  }
  return undefined
}

function addTable(document: TomlDocument, node: AST.TOMLTable): void {
  const path = namesOf(node.key)
  document.tables.push({ path, line: node.loc.start.line, kind: node.kind, end: node.key.range[1] })
  for (const entry of node.body) addEntry(document, entry, { base: path, table: path, inline: false })
}

function addEntry(
  document: TomlDocument,
  node: AST.TOMLKeyValue,
  at: { base: string[]; table: string[]; inline: boolean },
): void {
  const path = [...at.base, ...namesOf(node.key)]
  const line = node.loc.start.line
  const { value } = node
  if (value.type === 'TOMLInlineTable') {
    document.tables.push({ path, line, kind: 'inline', end: node.key.range[1] })
    for (const entry of value.body) addEntry(document, entry, { base: path, table: at.table, inline: true })
    return
  }
  const [start, end] = node.range
  const { table, inline } = at
  document.entries.push({
    path,
    line,
    value: plainValue(value),
    itemLines: value.type === 'TOMLArray' ? value.elements.map((one) => one.loc.start.line) : [],
    start,
    end,
    valueStart: value.range[0],
    table,
    inline,
  })
}

function plainValue(value: AST.TOMLValue | AST.TOMLArray): TomlEntry['value'] {
  if (value.type === 'TOMLArray') {
    const texts = value.elements.map((one) => (one.type === 'TOMLValue' ? one.value : undefined))
    return texts.every((text) => typeof text === 'string') ? texts : undefined
  }
  if (value.value instanceof Date) return undefined
  // A float is no whole number, even where it is written 5.0: NaN says so to every check.
  return value.kind === 'float' ? Number.NaN : value.value
}

function namesOf(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))
}
