import { exitCode, UserError } from '../base/errors.ts'

/** One thing that is searched for; all of a query's must be in a message. */
export type Term =
  /** A row of words, each matched whole (the last one by its beginning when `prefix`), whatever case and accents. */
  | { kind: 'words'; words: string[]; prefix: boolean }
  /** Any text, matched anywhere: signs, and scripts that put no spaces between words. */
  | { kind: 'anywhere'; text: string }

export type Query = readonly [Term, ...Term[]]

/** From (included) to (excluded), in UTF-16 units. */
export type Range = [from: number, to: number]

/**
 * What a person typed as a query: every word must be there, `"quoted words"` in this row, and of the last word its
 * beginning is enough. Nothing in it is an operator.
 * @throws UserError when there is nothing to search for, or too much
 */
export function parseQuery(text: string): Query {
  if (text.length > maxQueryLength) {
    throw new UserError(`a search has at most ${maxQueryLength} characters; this one has ${text.length}`, {
      hint: 'search for a few words of it',
      exit: exitCode.usage,
    })
  }
  const pieces = [...text.normalize('NFC').matchAll(/"([^"]*)"?|[^\s"]+/gu)].map(([whole, quoted]) => ({
    text: (quoted ?? whole).replaceAll(/\p{Cc}+/gu, ' ').trim(),
    quoted: quoted !== undefined,
  }))
  const [first, ...rest] = pieces
    .filter((piece) => piece.text !== '')
    .map((piece, at, all) => termOf(piece.text, !piece.quoted && at === all.length - 1))
  if (!first) {
    throw new UserError('there is nothing to search for', {
      hint: 'q mux search TEXT, such as: q mux search connection refused',
      exit: exitCode.usage,
    })
  }
  return [first, ...rest]
}

/** The words' part of a query in FTS5's language, every word quoted; undefined when it has none. */
export function ftsMatch(query: Query): string | undefined {
  const terms = query.flatMap((term) =>
    term.kind === 'words' ? [`"${term.words.join(' ')}"${term.prefix ? ' *' : ''}`] : [],
  )
  return terms.length === 0 ? undefined : terms.join(' AND ')
}

/** Each word of a query is looked for at each word of a text. */
const maxQueryLength = 1000

/** Where a text matches, in its order, without overlaps; undefined when a term of the query is not in it. */
export function findMatches(text: string, query: Query): Range[] | undefined {
  const folded = fold(text)
  const words = wordsOf(folded.text)
  const ranges: Range[] = []
  for (const term of query) {
    const found = term.kind === 'words' ? rowsOf(words, term) : placesOf(folded.text, fold(term.text).text)
    if (found.length === 0) return undefined
    ranges.push(...found)
  }
  return merge(ranges).map(([from, to]) => [folded.start(from), folded.end(to)])
}

/** Scripts that are written without spaces between words, and Korean, which hangs particles onto them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** As FTS5's unicode61 cuts a text: letters, numbers and private use make words, everything else separates. */
const word = /[\p{L}\p{N}\p{Co}]+/gu

function termOf(text: string, prefix: boolean): Term {
  const words = wordsOf(fold(text).text).map((found) => found.word)
  if (words.length === 0 || unspaced.test(text)) return { kind: 'anywhere', text }
  return { kind: 'words', words, prefix }
}

interface Word {
  word: string
  range: Range
}

function wordsOf(folded: string): Word[] {
  return [...folded.matchAll(word)].map((match) => ({
    word: match[0],
    range: [match.index, match.index + match[0].length],
  }))
}

function rowsOf(words: readonly Word[], term: Extract<Term, { kind: 'words' }>): Range[] {
  const found: Range[] = []
  const last = term.words.length - 1
  for (let at = 0; at + last < words.length; at += 1) {
    const fits = term.words.every((wanted, place) => {
      const there = words[at + place]?.word ?? ''
      return place === last && term.prefix ? there.startsWith(wanted) : there === wanted
    })
    if (fits) found.push([words[at]?.range[0] ?? 0, words[at + last]?.range[1] ?? 0])
  }
  return found
}

function placesOf(text: string, wanted: string): Range[] {
  const found: Range[] = []
  for (
    let at = text.indexOf(wanted);
    at !== -1 && wanted !== '';
    at = text.indexOf(wanted, at + wanted.length)
  )
    found.push([at, at + wanted.length])
  return found
}

function merge(ranges: Range[]): Range[] {
  const merged: Range[] = []
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** Lower case without accents, and the way back to the places of the text. */
function fold(text: string): { text: string; start(at: number): number; end(at: number): number } {
  let folded = ''
  const origin: number[] = []
  let at = 0
  for (const letter of text) {
    const plain = letter < '\u0080' ? letter.toLowerCase() : foldLetter(letter)
    folded += plain
    for (let unit = 0; unit < plain.length; unit += 1) origin.push(at)
    at += letter.length
  }
  return {
    text: folded,
    start: (place) => origin[place] ?? text.length,
    // Up to where the next letter starts: an accent that follows belongs to the match.
    end: (place) => origin[place] ?? text.length,
  }
}

function foldLetter(letter: string): string {
  return letter.normalize('NFD').toLowerCase().replaceAll(/\p{M}/gu, '')
}
