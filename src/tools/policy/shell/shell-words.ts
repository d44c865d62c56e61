/** A word of a command line, as a shell reads it. */
export interface Word {
  type: 'word'
  /** Without its quotes and backslashes. */
  text: string
  /** `text`, broken where a quoted part of it begins or ends. */
  parts: readonly string[]
  /** Where `text` has a `*` that no quote protects. */
  stars: readonly number[]
  /** It begins with an unquoted `~`, alone or before a `/`. */
  tilde: boolean
  /** Some of it is quoted. */
  quoted: boolean
  /** The first sign besides `*` and `~` for which the shell might pass on another text than this one. */
  odd: string | undefined
}

/** What stands between words: a line break or one of `; & | ( ) < >`. */
export interface Sign {
  type: 'sign'
  text: string
}

/**
 * Reads a command line as a shell does, up to expansions, which make a word `odd`. Rules and the lines that they are
 * held against both come through here. It takes everything, and time in proportion to the length: a quote that does not
 * end goes to the end.
 */
export function readLine(line: string): (Word | Sign)[] {
  const tokens: (Word | Sign)[] = []
  let word: Draft | undefined
  const end = () => {
    if (word) tokens.push(finished(word))
    word = undefined
  }
  for (let at = 0; at < line.length; ) {
    const letter = line[at] ?? ''
    if (letter === ' ' || letter === '\t') end()
    else if (signs.includes(letter)) {
      end()
      tokens.push({ type: 'sign', text: letter })
    } else if (letter === '\\' && line[at + 1] === '\n') at += 1
    else {
      word ??= { parts: [], begun: '', length: 0, stars: [], tilde: false, quoted: false, odd: undefined }
      at = takePiece(word, line, at)
      continue
    }
    at += 1
  }
  end()
  return tokens
}

/**
 * The words of a command line that a shell would run as exactly one command with exactly these words; undefined for
 * everything else. It knows what is harmless, not what is dangerous: any character or word that is not known to mean
 * itself makes the line compound. So there is no list of tricks to keep complete.
 */
export function simpleWords(command: string): string[] | undefined {
  const words = readLine(command)
  if (!words.every(isExact)) return undefined
  const [first] = words
  if (!first || first.quoted || !/^[\w./@%+,:-]+$/.test(first.text) || isReserved(first.text))
    return undefined
  return words.map(({ text }) => text)
}

/** Words that are no command, or that run their arguments as a command line of its own. */
export function isReserved(word: string): boolean {
  return (
    /^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|select|function|time|coproc|in)$/.test(
      word,
    ) ||
    /^(?:eval|source|\.|exec|command|builtin|trap|alias|unalias|enable|set|shopt|export|declare|typeset|readonly|local|hash)$/.test(
      word,
    )
  )
}

interface Draft {
  parts: string[]
  /** The unquoted part that is being read. */
  begun: string
  /** Of all parts so far. */
  length: number
  stars: number[]
  tilde: boolean
  quoted: boolean
  odd: string | undefined
}

const signs = '\n;&|()<>'
/** Letters that stand for themselves or are looked at one by one. */
const run = /[^ \t\n;&|()<>'"\\]+/y
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u

function isExact(token: Word | Sign): token is Word {
  return token.type === 'word' && token.odd === undefined && token.stars.length === 0 && !token.tilde
}

/** Reads on in a word: one quoted part, one backslash, or unquoted letters. Returns where it ended. */
function takePiece(word: Draft, line: string, at: number): number {
  const letter = line[at]
  if (letter === "'") return takeSingle(word, line, at + 1)
  if (letter === '"') return takeDouble(word, line, at + 1)
  if (letter === '\\') {
    const [next] = line.slice(at + 1, at + 3)
    if (next === undefined) note(word, '\\')
    word.quoted = true
    add(word, next ?? '')
    return at + 1 + (next?.length ?? 0)
  }
  run.lastIndex = at
  const [letters = ''] = run.exec(line) ?? []
  takeUnquoted(word, letters)
  return at + letters.length
}

function takeUnquoted(word: Draft, letters: string): void {
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? ''
    const first = at === 0 && word.length === 0 && !word.quoted
    if (letter === '*') word.stars.push(word.length + at)
    else if (letter === '~' && first && (letters.length === 1 || letters[1] === '/')) word.tilde = true
    else if (letter === '~' && !/[\w^]/.test(letters[at - 1] ?? '')) note(word, letter)
    else if ('$`?[]{}!'.includes(letter) || (letter === '#' && first)) note(word, letter)
  }
  add(word, letters)
}

function takeSingle(word: Draft, line: string, from: number): number {
  const close = line.indexOf("'", from)
  if (close < 0) note(word, "'")
  const end = close < 0 ? line.length : close
  quotedPart(word, line.slice(from, end))
  return end + 1
}

function takeDouble(word: Draft, line: string, from: number): number {
  let text = ''
  let at = from
  for (; at < line.length && line[at] !== '"'; at += 1) {
    const letter = line[at] ?? ''
    const next = line[at + 1] ?? ''
    if (letter === '\\' && next !== '' && '\\"$`\n'.includes(next)) {
      if (next !== '\n') text += next
      at += 1
      continue
    }
    if (letter === '$' || letter === '`') note(word, letter)
    text += letter
  }
  if (at >= line.length) note(word, '"')
  quotedPart(word, text)
  return at + 1
}

function quotedPart(word: Draft, text: string): void {
  breakHere(word)
  word.quoted = true
  add(word, text)
  breakHere(word)
}

function add(word: Draft, text: string): void {
  const odd = unseen.exec(text)
  if (odd) note(word, odd[0])
  word.begun += text
  word.length += text.length
}

function breakHere(word: Draft): void {
  if (word.begun !== '') word.parts.push(word.begun)
  word.begun = ''
}

function note(word: Draft, sign: string): void {
  word.odd ??= sign
}

function finished(word: Draft): Word {
  breakHere(word)
  const { parts, stars, tilde, quoted, odd } = word
  return { type: 'word', text: parts.join(''), parts, stars, tilde, quoted, odd }
}
