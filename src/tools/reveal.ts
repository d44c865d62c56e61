import type { ShownLine } from '../domain/approval.ts'
import type { Style } from '../domain/style.ts'

export type { ShownLine }

/**
 * Text so that a person sees every character of it: what a terminal would hide, obey, reorder or show as blank stands
 * as `\u{202e}`, so do a line's last blank and, counted, long runs of blanks (`\u{20*500}`). Two different texts never
 * look the same: a `\u{` that really stands there is shown as `\u{5c}u{`. One line in, one line out: newlines are shown.
 */
export function reveal(line: string, { keepTabs = false } = {}): string {
  return line
    .toWellFormed()
    .replaceAll(
      keepTabs ? hiddenButTabs : hidden,
      (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll(/ {24,}/g, (run) => `\\u{20*${run.length}}`)
    .replace(/ $/, '\\u{20}')
}

/** A text of several lines, each revealed; `\r\n` shows its `\r`. */
export function revealLines(text: string): ShownLine[] {
  return text.split('\n').map((line) => ({ kind: 'text', text: reveal(line) }))
}

/** The lines in colour. */
export function paintLines(lines: readonly ShownLine[], style: Style): string[] {
  const paint: Record<ShownLine['kind'], (text: string) => string> = {
    text: (text) => text,
    add: style.green,
    remove: style.red,
    hunk: style.cyan,
    note: style.dim,
  }
  return lines.map(({ kind, text }) => paint[kind](text))
}

/** A call as its session's window shows it. */
export function paintCall(tool: string, lines: readonly ShownLine[], style: Style): string[] {
  const head = style.bold(`${tool}:`)
  const painted = paintLines(lines, style)
  return painted.length === 1 ? [`${head} ${painted[0]}`] : [head, ...painted]
}

/** A literal `\u{`; controls, formats, unassigned and private; every blank but the space; what fonts leave empty. */
const hidden = /\\(?=u\{)|[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
const hiddenButTabs = /\\(?=u\{)|(?!\t)[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
