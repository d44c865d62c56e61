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
