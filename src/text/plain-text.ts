/**
 * Untrusted text as one line for people: control and format characters (terminal sequences, bidi marks, zero-width
 * characters) become spaces, runs of white space one space, and it ends with `…` where it was longer than `limit`.
 * For words that are only read: two texts may look the same.
 */
export function oneLine(text: string, limit = 200): string {
  const line = spaced(text.slice(0, limit * 8)).trim()
  const letters = [...line]
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : line
}

/** Each run of white space and of what nobody can see as one space. */
export function spaced(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
}

/** Each letter that nobody can see, or that a terminal would obey, as `?`. */
export function masked(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?')
}

/** Whether a text has more than one line; blank ones around it do not count. */
export function isSeveralLines(text: string): boolean {
  return /[\n\r\v\f\u0085\u2028\u2029]/.test(text.trim())
}

/** Without the `signs` at its end. A pattern such as `/-+$/` would try each of a million dashes anew. */
export function withoutEnd(text: string, signs: string): string {
  let end = text.length
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** A text in lines of at most `width` characters, broken at blanks; a word that is longer stays whole. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A span of time as people say it: `14 s`, `2 min`, `3 h`, `5 d`. A clock that jumped back counts as 0 s. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** `1 session`, `2 sessions`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

/** A size as people say it: `9 B`, `3.2 kB`, `12 MB`. */
export function bytes(number: number): string {
  if (number < 1000) return `${number} B`
  const [value, unit] = number < 999_500 ? [number / 1000, 'kB'] : [number / 1_000_000, 'MB']
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`
}
