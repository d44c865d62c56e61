import { homedir } from 'node:os'
import { type Item, matchesItems, textTest } from '../../../text/wildcard.ts'
import { isReserved, readLine, simpleWords, type Word } from '../shell/shell-words.ts'

/** The words of one simple command: `npm test`, `git log *`, `dd of=/dev/*`, `git commit -m "wip"`. */
export interface CommandPattern {
  /** Whether a command line is exactly one simple command that the pattern names. */
  covers(command: string): boolean
  /**
   * Whether the words of the pattern occur in a line, in this order, anywhere: behind `;`, in `$( )`, in quotes, with
   * another path before the first. It rather finds too much: it serves to refuse.
   */
  mentions(line: LooseLine): boolean
  /** What it spells out without a `*`: the whole line, at least the program, or not even that. */
  spells: 'line' | 'program' | 'nothing'
}

/** Why a text is no pattern, and what to write instead. */
export interface NoPattern {
  wrong: string
}

/**
 * An unquoted `*` stands for letters of its word: where the pattern allows, for none that would lead elsewhere (`/`,
 * `..`); `**` between slashes stands for any directories. A last `*` of its own stands for any further words. All other
 * signs of a shell stand for themselves between quotes, and mean nothing without.
 */
export function commandPattern(text: string, list: 'allow' | 'deny'): CommandPattern | NoPattern {
  const tokens = readLine(text)
  const sign = tokens.find((token) => token.type === 'sign')
  if (sign)
    return { wrong: `${shown(sign.text)} is not part of one simple command; in quotes it stands for itself` }
  const words = tokens.filter((token) => token.type === 'word')
  const odd = words.find((word) => word.odd !== undefined)?.odd
  if (odd !== undefined) return { wrong: oddWords(odd) }
  const [first, ...others] = words
  if (!first) return { wrong: 'write the words of a command' }
  if (others.length === 0 && isStar(first)) return { wrong: 'for every command line write execute_bash' }
  if (words.some((word, index) => index + 1 < words.length && /[^,],$/.test(word.text) && !word.quoted))
    return { wrong: 'a comma separates nothing; write one rule for each command' }
  const last = words.at(-1) ?? first
  // Quoted, the colon means itself.
  if (/[^:]:\*$/.test(last.text) && last.parts.at(-1)?.endsWith(':*') && !isSpelled(last)) {
    const name = text.trim().slice(0, -2)
    return {
      wrong: `":*" is not a sign here: write ${name} * for any further words, or ${name}':'* for words that begin so`,
    }
  }
  if (list === 'allow') {
    if (first.quoted || !/^[\w./@%+,:*~-]+$/.test(first.text))
      return { wrong: 'the first word must be the name of a program' }
    if (isReserved(first.text))
      return {
        wrong: `${first.text} runs what no rule can read: it always asks. Allow the command behind it`,
      }
  }
  const open = words.length > 1 && isStar(last)
  const wanted = looseWords(open ? words.slice(0, -1) : words).filter((word) => word.whole)
  if (wanted.length === 0) return { wrong: 'it has no word that a command line could have' }
  const tests = (open ? words.slice(0, -1) : words).map(wordTest)
  const loose = looseTests(wanted)
  return {
    spells: words.every(isSpelled) ? 'line' : isSpelled(first) ? 'program' : 'nothing',
    covers(command) {
      const given = simpleWords(command)
      if (!given || (open ? given.length < tests.length : given.length !== tests.length)) return false
      return tests.every((test, index) => test(given[index] ?? ''))
    },
    mentions: (line) => mentions(loose, line),
  }
}

/** A command line as deny rules see it. */
export type LooseLine = readonly LooseWord[]

interface LooseWord {
  text: string
  /** The last name of its path, as the name of a program on a disk that does not tell letters' cases apart. */
  program: string
  /** It is what stands between blanks, not a part of that. */
  whole: boolean
}

/** Reads a line for `mentions`. */
export function looseLine(line: string): LooseLine {
  return looseWords(readLine(line))
}

/**
 * A word, what it is made of, and what a program may make of it: values behind `=`, quoted parts, a path without `..`,
 * and `--option value` as `--option=value`.
 */
function looseWords(tokens: ReturnType<typeof readLine>): LooseWord[] {
  const found: LooseWord[] = []
  const take = (text: string, whole: boolean) => {
    if (text !== '') found.push({ text, program: programOf(text), whole })
  }
  let before = ''
  for (const token of tokens) {
    if (token.type === 'sign') continue
    for (const text of pieces(token.text)) {
      if (/^-[^=]*$/.test(before)) take(`${before}=${text}`, false)
      before = text
      take(text, true)
      if (/\/\.\.?(?:\/|$)/.test(text)) take(withoutDots(text), false)
      if (text.includes('=')) for (const part of text.split('=')) take(part, false)
    }
    if (token.parts.length > 1)
      for (const part of token.parts) for (const text of pieces(part)) take(text, false)
  }
  return found
}

/** What quotes hold may be read as a line once more: its own quotes go, too, and what separates commands separates. */
function pieces(text: string): string[] {
  return text
    .replaceAll(/\$HOME(?![A-Za-z0-9_])|\$\{HOME\}/g, () => homedir())
    .replaceAll(/['"\\]/g, '')
    .replaceAll(/\/{2,}/g, '/')
    .split(/[\s;&|()<>`${}!]+/)
    .map((piece) => (/^~(?:\/|$)/.test(piece) ? homedir() + piece.slice(1) : piece))
}

/** A path as a disk reads it, also behind a `=`. */
function withoutDots(path: string): string {
  const names: string[] = []
  for (const name of path.split('/')) {
    const last = names.at(-1)
    if (name !== '..' || last === undefined || last === '..') {
      if (name !== '.') names.push(name)
    } else if (last !== '' && !last.endsWith('=')) names.pop()
  }
  return names.join('/')
}

/** Of each word that is wanted: whether a word of a line is it. */
function looseTests(wanted: readonly LooseWord[]): ((word: LooseWord) => boolean)[] {
  return wanted.map(({ text, program }, index) => {
    const test = textTest(text.split('*'))
    if (index > 0) return (word) => test(word.text)
    const name = /^\**$/.test(program) ? () => false : textTest(program.split('*'))
    return (word) => test(word.text) || name(word.program)
  })
}

function mentions(wanted: readonly ((word: LooseWord) => boolean)[], line: LooseLine): boolean {
  let next = 0
  for (const word of line) if (wanted[next]?.(word)) next += 1
  return next === wanted.length
}

function programOf(text: string): string {
  const name = text.slice(text.lastIndexOf('/') + 1).toLowerCase()
  return name.endsWith('.exe') ? name.slice(0, -4) : name
}

/** For allow rules: names between slashes, each with its own stars. */
function wordTest(word: Word): (text: string) => boolean {
  const names = namesOf(word).map(nameTest)
  return (text) => matchesItems(names, text.split('/'))
}

/** The names between the slashes of a pattern's word, each broken at its stars. */
function namesOf({ text, stars, tilde }: Word): string[][] {
  const names: string[][] = [['']]
  const add = (letters: string) => {
    const name = names.at(-1) ?? []
    name.push((name.pop() ?? '') + letters)
  }
  const home = homedir()
    .split('/')
    .map((name) => [name])
  if (tilde) names.splice(0, 1, ...home)
  let star = 0
  for (let at = tilde ? 1 : 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (letter === '/') names.push([''])
    else if (at === stars[star]) {
      names.at(-1)?.push('')
      star += 1
    } else add(letter)
  }
  return names
}

function nameTest(pieces: readonly string[]): Item<string> {
  const [literal = ''] = pieces
  if (pieces.length === 1) return (name) => name === literal
  const isDirectory = (name: string) => name !== '' && name !== '.' && name !== '..'
  if (pieces.length === 3 && pieces.every((piece) => piece === '')) return { many: isDirectory }
  const test = textTest(pieces)
  return (name) => name !== '' && !/(?:^|[=:,@])\.\.?$/.test(name) && test(name)
}

function isSpelled({ stars }: Word): boolean {
  return stars.length === 0
}

function isStar({ text, stars }: Word): boolean {
  return /^\*+$/.test(text) && stars.length === text.length
}

function oddWords(sign: string): string {
  if (sign === "'" || sign === '"') return `the quote ${sign} does not end`
  if (sign === '\\') return 'a backslash stands at its end'
  if (/[$`!#~?[\]{}]/.test(sign))
    return `${shown(sign)} stands for itself only in quotes, and means nothing without: '${sign}'. The only wildcard is *`
  return 'it has a sign that cannot be seen'
}

function shown(sign: string): string {
  return sign === '\n' ? 'a line break' : JSON.stringify(sign)
}
