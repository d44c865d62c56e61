import { type Asked, readVerdict, type ShownLine, type Verdict } from '../domain/approval.ts'
import { cellsOf, graphemes } from '../domain/cells.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { Style } from '../domain/style.ts'
import { isPress, type Key } from '../terminal/keys.ts'
import { paintLines } from '../tools/reveal.ts'
import { fold } from './fold.ts'
import { safeLines } from './shown-call.ts'
import type { Size, Stage } from './stage.ts'

/**
 * Shows what a session asks leave for and reads the answer. undefined: the person went back. A yes counts only when all of
 * it was on the screen, and a paste is text of the answer: it never answers.
 */
export function approvalPage(
  stage: Stage,
  session: string,
  asked: Asked,
  style: Style,
): Promise<Verdict | undefined> {
  let rows: string[] = []
  let folded = 0
  let room = 1
  let top = 0
  let seen = 0
  let typed = ''
  let hurried = false
  let over = false

  return new Promise((resolve) => {
    stage.show({ key, draw })

    function key(key: Key): void {
      if (over) return
      hurried = false
      if (isPress(key, 'Escape', 'C-c', 'C-d')) end(undefined)
      else if (isPress(key, 'Up', 'C-p')) top -= 1
      else if (isPress(key, 'Down', 'C-n')) top += 1
      else if (isPress(key, 'PageUp', 'M-v')) top -= room
      else if (isPress(key, 'PageDown', 'C-v')) top += room
      else if (isPress(key, 'Home')) top = 0
      else if (isPress(key, 'End')) top = rows.length
      else if (isPress(key, 'Backspace')) typed = [...typed].slice(0, -1).join('')
      else if (isPress(key, 'C-u')) typed = ''
      else if (isPress(key, 'Enter')) submit()
      else if (key.type !== 'press') typed += key.text.replaceAll(/\p{C}+/gu, ' ')
    }

    function submit(): void {
      if (typed.trim() === '') return
      const verdict = readVerdict(typed)
      hurried = verdict.type !== 'decline' && seen < rows.length
      if (!hurried) return end(verdict)
      typed = ''
    }

    function end(verdict: Verdict | undefined): void {
      over = true
      resolve(verdict)
    }
  })

  function draw({ columns, rows: height }: Size): string {
    if (folded !== columns) {
      rows = pageRows(asked, columns - 1, style)
      folded = columns
      seen = 0
    }
    room = Math.max(1, height - 3)
    top = Math.max(0, Math.min(top, rows.length - room))
    seen = Math.max(seen, top + room)
    const shown = rows.slice(top, top + room)
    const head = style.bold(`${session} asks leave for`.slice(0, columns - 1))
    const prompt = columns < 50 ? '[y/n/t]: ' : 'Allow this action? [y/n/t]: '
    const end = tail(typed, columns - prompt.length - 1)
    return `\u001b[H\u001b[2J${[head, ...shown].join('\r\n')}\u001b[${height - 1};1H${below(columns)}\u001b[${height};1H${prompt}${end}`
  }

  function below(columns: number): string {
    const more = `rows ${top + 1}-${Math.min(rows.length, top + room)} of ${rows.length} · ↓ PgDn`
    const help =
      columns < 60
        ? 'y once · t trusts · n/words decline · Esc'
        : 'y runs it once · t trusts it too · n or words decline · Esc'
    const words = hurried ? 'read to its end first: ↓ PgDn' : seen < rows.length ? more : help
    const paint = hurried || seen < rows.length ? style.yellow : style.dim
    return paint(words.slice(0, columns - 1))
  }
}

/** The end of a text, as much of it as fits. */
function tail(text: string, columns: number): string {
  const letters = graphemes(text)
  let at = letters.length
  for (let room = columns; at > 0; at -= 1) {
    room -= Math.max(1, cellsOf(letters[at - 1] ?? ''))
    if (room < 0) break
  }
  return letters.slice(at).join('')
}

/** What would run, a bar before each line of it and a broken one where a line goes on, and what `t` would trust. */
function pageRows(asked: Asked, columns: number, style: Style): string[] {
  const tool: ShownLine = { kind: 'text', text: `${sanitize(asked.tool)}:` }
  const trust: ShownLine = { kind: 'note', text: `t trusts ${sanitize(asked.trust)}, for this session` }
  const call = fold(safeLines(asked.lines), columns - 2)
  const bars = call.map(({ more }) => style.dim(more ? '┊ ' : '│ '))
  return [
    ...paintLines(fold([tool], columns), style),
    ...paintLines(call, style).map((row, at) => `${bars[at]}${row}`),
    ...paintLines(fold([trust], columns), style),
  ]
}
