import type { ShownLine } from '../domain/approval.ts'

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

/** A literal `\u{`; controls, formats, unassigned and private; every blank but the space; what fonts leave empty. */
const hidden = /\\(?=u\{)|[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
const hiddenButTabs = /\\(?=u\{)|(?!\t)[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
