/**
 * Stands left of every row of what would run, and nowhere else: whoever reads a question knows by it what is the call's
 * and what is ours. A glyph of one cell in every terminal, whatever it thinks of East Asian widths.
 */
export const bar = '▐'

/** A text in which nothing is the bar or could be taken for it: it comes from somebody else, or it is no call. */
export function withoutBars(text: string): string {
  return ascii.test(text) ? text : text.replaceAll(barLike, '|')
}

export function hasBar(text: string): boolean {
  return text.search(barLike) !== -1
}

const ascii = /^[\x00-\x7f]*$/
/** Upright bars thicker than a line: halves and eighths of a block, heavy lines, those of legacy computers. */
export const barLike = /[\u2503\u2589-\u2590\u2759\u275a\u{1fb87}-\u{1fb8b}]/gu
