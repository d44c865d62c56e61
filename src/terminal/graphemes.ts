/** The letters of a text as people see them: one entry for an emoji sequence, a flag, a letter with its accents. */
export function graphemes(text: string): string[] {
  if (!beyondAscii.test(text)) return text.split('')
  // Unicode's data are loaded by the first text that needs them: it takes as long as the rest of a worker's start.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), (part) => part.segment)
}

/** Whether two texts, set side by side, may become one letter. */
export function mayJoin(left: string, right: string): boolean {
  return beyondAscii.test(left) || beyondAscii.test(right)
}

/** How many cells of a terminal a letter takes: 0, 1 or 2. */
export function cellsOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  const known = widths.get(letter)
  if (known !== undefined) return known
  const cells = measure(letter)
  if (widths.size > 2000) widths.clear()
  widths.set(letter, cells)
  return cells
}

/** Letters whose width terminals do not agree on: where the next one goes must be said, not left to the terminal. */
export function isRisky(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  if (letter.length > (code > 0xffff ? 2 : 1)) return true
  return code >= 0x2300 && !/[\u2e80-\ua4c6\uac00-\ud7a3\uf900-\ufaff\uff00-\uffe6]/.test(letter)
}

/** A letter in a form that moves nothing but the cursor: control and invisible format characters are spelled out. */
export function visible(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCharCode(code + 64)}`
  if (code === 0x7f) return '^?'
  return code < 0x80 ? letter : visibleBeyondAscii(letter)
}

let segmenter: Intl.Segmenter | undefined
const widths = new Map<string, number>()
const beyondAscii = /[^\x00-\x7f]/

// Unicode's properties are read where a function that names them is first called: that costs 2 ms, and ASCII has no need.

function visibleBeyondAscii(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(letter)) return `<${code.toString(16).padStart(4, '0')}>`
  return letter.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

function measure(letter: string): number {
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufeff]+$/u.test(letter)) return 0
  const wide =
    /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}])/u
  return wide.test(letter) || letter.includes('\ufe0f') ? 2 : 1
}
