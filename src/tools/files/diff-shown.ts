import { reveal, type ShownLine } from '../reveal.ts'
import { diffLines, type Edit } from './diff.ts'

/** Lines kept around a change. */
const around = 3

/** A change of a text as a unified diff for people: every changed character visible, the ends of the file too. */
export function shownDiff(before: string | undefined, after: string): ShownLine[] {
  const edits = diffLines(before === undefined ? [] : linesOf(before), linesOf(after))
  const near = nearChanges(edits)
  const shown: ShownLine[] = []
  let oldLine = 1
  let newLine = 1
  for (const [index, { kind, line }] of edits.entries()) {
    if (near[index]) {
      if (!near[index - 1]) shown.push({ kind: 'hunk', text: `@@ -${oldLine} +${newLine} @@` })
      shown.push(shownEdit(kind, line))
    }
    if (kind !== 'add') oldLine++
    if (kind !== 'remove') newLine++
  }
  return shown
}

/** The text's lines, the last one marked where no newline ends it. */
function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') return lines.slice(0, -1)
  return [...lines.slice(0, -1), `${lines.at(-1)}${withoutNewline}`]
}

/** No line that was split at newlines contains one. */
const withoutNewline = '\n'

function shownEdit(kind: Edit['kind'], line: string): ShownLine {
  const open = line.endsWith(withoutNewline)
  const text = reveal(open ? line.slice(0, -1) : line, { keepTabs: true })
  const end = open ? '  \\u{no newline at the end}' : ''
  if (kind === 'add') return { kind, text: `+${text}${end}` }
  return kind === 'remove' ? { kind, text: `-${text}${end}` } : { kind: 'text', text: ` ${text}${end}` }
}

function nearChanges(edits: readonly Edit[]): boolean[] {
  const near = new Array<boolean>(edits.length).fill(false)
  for (const [index, { kind }] of edits.entries()) {
    if (kind === 'same') continue
    near.fill(true, Math.max(0, index - around), Math.min(edits.length, index + around + 1))
  }
  return near
}
