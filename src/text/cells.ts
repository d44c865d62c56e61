/** What a terminal shows in one place, and how many cells it takes. */
export interface Glyph {
  text: string
  cells: number
}

/**
 * How many cells a text without control characters takes. It agrees with the package string-width, which costs every
 * process 23 ms and 4 MB when it is loaded; this one pays only for a text that is not ASCII.
 */
export function cellsOf(text: string): number {
  if (ascii.test(text)) return text.length
  const known = widths.get(text)
  if (known !== undefined) return known
  const cells = glyphsOf(text).reduce((sum, glyph) => sum + glyph.cells, 0)
  // A line editor asks for the same letters with every key.
  if (text.length <= maxKeptLength) {
    if (widths.size === maxKept) widths.clear()
    widths.set(text, cells)
  }
  return cells
}

/** The glyphs of a text. */
export function glyphsOf(text: string): Glyph[] {
  if (ascii.test(text)) return Array.from(text, (letter) => ({ text: letter, cells: 1 }))
  return graphemes(text).map((glyph) => ({ text: glyph, cells: glyphCells(glyph) }))
}

/** The letters of a text as people see them: one entry for an emoji sequence, a flag, a letter with its accents. */
export function graphemes(text: string): string[] {
  if (!beyondAscii.test(text)) return text.split('')
  // Unicode's data are loaded by the first text that needs them: it takes as long as the rest of a worker's start.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

const ascii = /^[\x20-\x7e]*$/
const beyondAscii = /[^\x00-\x7f]/

/** Letters, in UTF-16 units, and how many of them. */
const maxKeptLength = 16
const maxKept = 2000
const widths = new Map<string, number>()
let segmenter: Intl.Segmenter | undefined

function glyphCells(glyph: string): number {
  if (glyph.length === 1 && glyph >= ' ' && glyph < '\u007f') return 1
  if (
    /^(?:\p{Emoji_Presentation}(?!\ufe0e)|\p{Regional_Indicator}|\p{Emoji}\ufe0f|\p{Extended_Pictographic}\p{M}*\u200d)/u.test(
      glyph,
    )
  )
    return 2
  if (/^[\u0080-\uffff]\ufe0e/.test(glyph)) return 1
  let cells = 0
  for (const letter of glyph) {
    if (letter === '\u200d') break
    if (/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Me}\p{Mn}]/u.test(letter)) continue
    cells += isWide(letter.codePointAt(0) ?? 0) ? 2 : 1
    if (/\p{Script=Hangul}/u.test(letter)) break
  }
  return cells
}

function isWide(code: number): boolean {
  if (code < 0x1100) return false
  wide ??= ranges.split(' ').map((range) => range.split('-').map((end) => Number.parseInt(end, 16)))
  let low = 0
  for (let high = wide.length; low < high; ) {
    const middle = (low + high) >> 1
    const [from = 0, to = from] = wide[middle] ?? []
    if (code > to) low = middle + 1
    else if (code < from) high = middle
    else return true
  }
  return false
}

let wide: number[][] | undefined

/** Unicode's East Asian Width W and F, with what is not assigned in between. */
const ranges =
  '1100-115f 231a-231b 2329-232a 23e9-23ec 23f0 23f3 25fd-25fe 2614-2615 2630-2637 2648-2653 267f ' +
  '268a-268f 2693 26a1 26aa-26ab 26bd-26be 26c4-26c5 26ce 26d4 26ea 26f2-26f3 26f5 26fa 26fd 2705 ' +
  '270a-270b 2728 274c 274e 2753-2755 2757 2795-2797 27b0 27bf 2b1b-2b1c 2b50 2b55 2e80-303e 3041-3247 ' +
  '3250-a4c6 a960-a97c ac00-d7a3 f900-faff fe10-fe19 fe30-fe6b ff01-ff60 ffe0-ffe6 16fe0-191d2 ' +
  '1aff0-1b2fb 1d300-1d376 1f004 1f0cf 1f18e 1f191-1f19a 1f1ae 1f200-1f320 1f32d-1f335 1f337-1f37c ' +
  '1f37e-1f393 1f3a0-1f3ca 1f3cf-1f3d3 1f3e0-1f3f0 1f3f4 1f3f8-1f43e 1f440 1f442-1f4fc 1f4ff-1f53d ' +
  '1f54b-1f54e 1f550-1f567 1f57a 1f595-1f596 1f5a4 1f5fb-1f64f 1f680-1f6c5 1f6cc 1f6d0-1f6d2 ' +
  '1f6d5-1f6df 1f6eb-1f6ec 1f6f4-1f6fc 1f7da-1f7f0 1f90c-1f93a 1f93c-1f945 1f947-1f9ff 1fa70-1fafa ' +
  '20000-3fffd'
