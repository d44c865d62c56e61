import { isObject } from '../../base/json.ts'
import type { ShownLine } from '../../domain/approval.ts'
import { lookalikeNotes, reveal, revealLines } from '../../tools/reveal.ts'

/** The maxCharacters question of an agent that is shown, in characters of its input. */
const maxCharacters = 200_000

/** What an agent asks permission for, as it is: a command line for line, a change as its old and new text, all else as JSON. */
export function shownQuestion(tool: string, input: unknown): ShownLine[] {
  const lines = linesOf(tool, input)
  return [...lines, ...lookalikeNotes(lines)]
}

function linesOf(tool: string, input: unknown): ShownLine[] {
  if (!isObject(input)) return whole(input)
  if (tool === 'fs_write' && Array.isArray(input.changes)) {
    const { changes, ...rest } = input
    if (JSON.stringify(changes).length > maxCharacters) return whole(input)
    return [...changes.flatMap(diffLines), ...others(rest)]
  }
  const { command, file_path: path, old_string: before, new_string: after, content, ...rest } = input
  if (tool === 'execute_bash' && typeof command === 'string' && command.length <= maxCharacters)
    return [...revealLines(command), ...others(rest)]
  if (tool === 'fs_write' && typeof path === 'string') {
    const texts = [before, after, content].filter((text) => text !== undefined)
    if (texts.length === 0 || texts.some((text) => typeof text !== 'string' || text.length > maxCharacters))
      return whole(input)
    return [
      { kind: 'text', text: reveal(path) },
      ...changed('remove', before),
      ...changed('add', after),
      ...changed('add', content),
      ...others(rest),
    ]
  }
  return whole(input)
}

function changed(kind: 'add' | 'remove', text: unknown): ShownLine[] {
  if (typeof text !== 'string') return []
  return revealLines(text).map((line) => ({ kind, text: line.text }))
}

/** One file of a change, with all of its new text or the lines that differ. */
function diffLines(change: unknown): ShownLine[] {
  if (!isObject(change) || typeof change.path !== 'string' || typeof change.diff !== 'string')
    return whole(change)
  const { path, diff, kind, ...rest } = change
  const { type, ...more } = isObject(kind) ? kind : { type: kind }
  const allOf = { add: 'add', delete: 'remove' }[String(type)] as 'add' | 'remove' | undefined
  return [
    { kind: 'text', text: reveal(`${type} ${path}`) },
    ...revealLines(diff).map(({ text }) => ({ kind: allOf ?? signOf(text), text })),
    ...others({ ...more, ...rest }),
  ]
}

/** As the lines of a diff begin. */
function signOf(line: string): ShownLine['kind'] {
  return line.startsWith('+') ? 'add' : line.startsWith('-') ? 'remove' : 'text'
}

/** What else goes along: it may decide what runs, so it is shown. */
function others(rest: Record<string, unknown>): ShownLine[] {
  return Object.entries(rest).map(([name, value]) => ({
    kind: 'text',
    text: reveal(`${name}: ${cut(JSON.stringify(value) ?? '')}`),
  }))
}

function whole(input: unknown): ShownLine[] {
  return revealLines(cut(JSON.stringify(input, null, 2) ?? ''))
}

function cut(text: string): string {
  return text.length <= maxCharacters
    ? text
    : `${text.slice(0, maxCharacters)} … (${text.length - maxCharacters} more characters)`
}
