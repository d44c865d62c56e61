import { graphemes } from '../../text/cells.ts'
import { oneLine } from '../../text/plain-text.ts'
import type { Editor } from './editor-state.ts'
import { insertText } from './edits.ts'
import { isPasted, spliced } from './units.ts'

/** Completions that take longer, in ms, are forgotten. */
const timeoutMs = 1000

/** undefined when it fails or takes too long: a completion is a help, and typing goes on without it. */
export function inTime<T>(found: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs)
    found.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer))
  })
}

export interface Completed {
  text: Editor
  /** Rows to show when there is nothing to add but several ways to go on. */
  list: string[]
}

/** Puts in what all matches have in common; when that is there already, lists them. */
export function completion(
  line: string,
  [matches, word]: [matches: string[], word: string],
  editor: Editor,
  columns: number,
): Completed {
  if (matches.length === 0 || !line.endsWith(word)) return { text: editor, list: [] }
  const common = commonStart(matches)
  if (common === word || !common.toLowerCase().startsWith(word.toLowerCase()))
    return { text: editor, list: matches.length > 1 ? listed(matches, columns) : [] }
  const from = editor.at - graphemes(word).length
  const pasted = editor.units.slice(from, editor.at).some(isPasted)
  const without = { ...editor, ...spliced(editor.units, from, editor.at, [], from) }
  return {
    text: { ...insertText(without, common, { pasted }), undo: [...editor.undo, editor], last: 'complete' },
    list: [],
  }
}

function commonStart([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}

function listed(matches: readonly string[], columns: number): string[] {
  const names = matches.map((match) => oneLine(match.trim(), columns - 1))
  const width = Math.max(...names.map((name) => name.length)) + 2
  const across = Math.max(1, Math.floor((columns - 1) / width))
  const rows = Math.ceil(names.length / across)
  return Array.from({ length: rows }, (_, row) =>
    names
      .filter((_, index) => index % rows === row)
      .map((name) => name.padEnd(width))
      .join('')
      .trimEnd(),
  )
}
