/**
 * A path pattern as a test: `*` and `?` stay within a name, `**` spans any number of directories, `[a-z]` `[!a]` one
 * character, `{a,b}` either, and a backslash makes any sign a letter. Names that begin with a dot are names like others.
 * A test costs at most length × length: no pattern hangs. `undefined` for a pattern with more than 200 alternatives.
 */
export function wildcard(pattern: string): ((path: string) => boolean) | undefined {
  const compiled = alternatives(pattern)?.map(pathTest)
  return (
    compiled &&
    ((path) => {
      const names = namesIn(path)
      return compiled.some((matches) => matches(names))
    })
  )
}

/** One alternative as a test for the names of a path. */
export function pathTest(pattern: string): (names: readonly string[]) => boolean {
  const tests = namesIn(pattern).map(nameTest)
  return (names) => matchesItems(tests, names)
}

/** A path as a pattern that names it and nothing else. */
export function escaped(path: string): string {
  return path.replaceAll(/[\\*?[\]{}]/g, '\\$&')
}

/** The text that a pattern without wildcards stands for; undefined for any other. */
export function literalOf(pattern: string): string | undefined {
  return /^(?:[^\\*?[]|\\.)*$/su.test(pattern) ? pattern.replaceAll(/\\(.)/gsu, '$1') : undefined
}

/** The names of a path; slashes at its ends, doubled ones and `.` count for nothing. */
export function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

/** One item, or with `many` any number of items that pass it. */
export type Item<T> = ((item: T) => boolean) | { many: (item: T) => boolean }

/** Whether items are what a row of tests wants: the last run of `many` is the only one that is tried again. */
export function matchesItems<T>(pattern: readonly Item<T>[], items: readonly T[]): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < items.length; ) {
    const test = pattern[at]
    const item = items[index] as T
    if (typeof test === 'object') {
      star = at++
      resume = index
    } else if (test?.(item)) {
      at++
      index++
    } else {
      const open = pattern[star]
      if (typeof open !== 'object' || !open.many(items[resume] as T)) return false
      at = star + 1
      index = ++resume
    }
  }
  while (typeof pattern[at] === 'object') at++
  return at === pattern.length
}

/** Whether a text is these pieces with anything between them; no text and no pieces take more than linear time. */
export function textTest(pieces: readonly string[]): (text: string) => boolean {
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  const inner = pieces.slice(1, -1).filter((piece) => piece !== '')
  if (pieces.length === 1) return (text) => text === first
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const piece of inner) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at + last.length <= text.length
  }
}

function nameTest(name: string): Item<string> {
  if (name === '**') return { many: () => true }
  if (/^(?:[^\\?[]|\\.)*$/su.test(name)) return textTest(literalPieces(name))
  const tests: Item<string>[] = []
  const letters = [...name]
  const lastClose = letters.lastIndexOf(']')
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string
    const close = letter === '[' && at + 2 <= lastClose ? letters.indexOf(']', at + 2) : -1
    if (letter === '*') tests.push({ many: () => true })
    else if (letter === '?') tests.push(() => true)
    else if (close > 0) {
      tests.push(setTest(letters.slice(at + 1, close)))
      at = close
    } else {
      const literal = letter === '\\' && at + 1 < letters.length ? letters[++at] : letter
      tests.push((found) => found === literal)
    }
  }
  return (candidate) => matchesItems(tests, [...candidate])
}

/** What stands between the stars of a name. */
function literalPieces(name: string): string[] {
  const pieces = ['']
  for (const [sign] of name.matchAll(/\\.|[^\\]/gsu)) {
    if (sign === '*') pieces.push('')
    else pieces.push((pieces.pop() ?? '') + (sign.length > 1 && sign.startsWith('\\') ? sign.slice(1) : sign))
  }
  return pieces
}

function setTest(inside: string[]): (letter: string) => boolean {
  const negated = inside[0] === '!' || inside[0] === '^'
  const members = negated ? inside.slice(1) : inside
  const ranges: [string, string][] = []
  for (let at = 0; at < members.length; at++) {
    const from = members[at] as string
    const to = members[at + 1] === '-' ? members[at + 2] : undefined
    ranges.push([from, to ?? from])
    if (to !== undefined) at += 2
  }
  return (letter) => ranges.some(([from, to]) => letter >= from && letter <= to) !== negated
}

/** The pattern for every choice in its braces; a brace that does not close is a letter. undefined for more than 200. */
export function alternatives(pattern: string): string[] | undefined {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0) {
    if (done.length + open.length > 200) return undefined
    const next = open.pop() as string
    const choice = innermostChoice(next)
    if (!choice) done.push(next)
    else
      for (const one of choice.choices) open.push(next.slice(0, choice.start) + one + next.slice(choice.end))
  }
  return done
}

/** Whether a pattern has a `{a,b}` in it. */
export function hasChoice(pattern: string): boolean {
  return innermostChoice(pattern) !== undefined
}

/** A name pattern's own letters, with what `wild` makes of each `*`, `?` and `[…]` between them. */
export function lettersOf(name: string, wild: (sign: string) => string): string {
  const lastClose = name.lastIndexOf(']')
  let letters = ''
  for (let at = 0; at < name.length; at += 1) {
    const letter = name.charAt(at)
    const close = letter === '[' && at + 2 <= lastClose ? name.indexOf(']', at + 2) : -1
    if (letter === '*' || letter === '?') letters += wild(letter)
    else if (close > 0) {
      letters += wild(name.slice(at, close + 1))
      at = close
    } else if (letter === '\\' && at + 1 < name.length) letters += name.charAt(++at)
    else letters += letter
  }
  return letters
}

/** The first braces with a comma and without braces in them. */
function innermostChoice(pattern: string): { start: number; end: number; choices: string[] } | undefined {
  let start = -1
  let commas: number[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at]
    if (letter === '\\') at += 1
    else if (letter === '{') {
      start = at
      commas = []
    } else if (letter === ',') commas.push(at)
    else if (letter === '}') {
      if (start >= 0 && commas.length > 0) {
        const ends = [...commas, at]
        const choices = ends.map((end, index) => pattern.slice((ends[index - 1] ?? start) + 1, end))
        return { start, end: at + 1, choices }
      }
      start = -1
    }
  }
  return undefined
}
