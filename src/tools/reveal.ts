import type { ShownLine } from '../domain/approval.ts'
import { barLike } from '../text/bar.ts'

export type { ShownLine }

/**
 * Text so that a person sees every character of it: what a terminal would hide, obey, reorder or show as blank stands
 * as `\u{202e}`, so do a line's last blank and, counted, long runs of blanks (`\u{20*500}`). Two different texts never
 * look the same: a `\u{` that really stands there is shown as `\u{5c}u{`. Nothing looks like the bar of a call. One line in, one line out: newlines are shown.
 * Blanks that pad a column come behind it: they are ours.
 */
export function reveal(line: string, { keepTabs = false } = {}): string {
  return line
    .toWellFormed()
    .replaceAll(hidden(), (found) => (keepTabs && found === '\t' ? found : numbered(found)))
    .replaceAll(barLike, numbered)
    .replaceAll(/ {24,}/g, (run) => `\\u{20*${run.length}}`)
    .replace(/ $/, '\\u{20}')
}

/** A text of several lines, each revealed; `\r\n` shows its `\r`. */
export function revealLines(text: string): ShownLine[] {
  return text.split('\n').map((line) => ({ kind: 'text', text: reveal(line) }))
}

/**
 * Our note where a word has letters that look like those of a-z among such: `сat` with a Cyrillic `с` is another program.
 */
export function lookalikeNotes(lines: readonly ShownLine[]): ShownLine[] {
  const words = lines.flatMap(({ text }) => text.match(/[\p{L}\p{N}_]+/gu) ?? [])
  const found = words.filter((word) => /[a-z]/i.test(word)).flatMap((word) => word.match(lookalike()) ?? [])
  const named = [...new Set(found)].slice(0, maxNamed).map(numbered)
  if (named.length === 0) return []
  return [{ kind: 'note', text: `letters of other alphabets within words of a-z: ${named.join(' ')}` }]
}

const maxNamed = 8

function numbered(letter: string): string {
  return `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`
}

/**
 * A literal `\u{`; controls, formats, unassigned and private; every blank but the space; what is to be ignored, and what
 * fonts leave empty though it is a sign; accents on ASCII, which a letter of its own would look like.
 */
function hidden(): RegExp {
  return /\\(?=u\{)|[\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u2d7f\u{1107f}\u{13441}\u{13442}\u{16fe4}\u{1bc9d}\u{1d159}]|(?! )\p{Z}|(?<![^\x00-\x7f])\p{M}/gu
}

/** Cyrillic, Greek and others with the forms of a-z; IPA, wide and mathematical letters. */
function lookalike(): RegExp {
  return /[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}\p{sc=Cherokee}\p{sc=Coptic}\p{sc=Lisu}\u0131\u017f\u0250-\u02af\u1d00-\u1dbf\uab30-\uab6f\uff21-\uff5a\u{1d400}-\u{1d7ff}]/gu
}
