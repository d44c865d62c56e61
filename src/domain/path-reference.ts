/** Lines of a file, from 1, both included. */
export interface LineRange {
  from: number
  to: number
}

/** One way to read what stands behind an `@`. */
export interface Reading {
  path: string
  lines?: LineRange
}

/** What may name a file in a prompt. */
export interface PathReference {
  /** What it most likely names, whatever is on the disk. */
  path: string
  /** It has a `/`, the ending of a file, or quotes: a person who wrote it meant a file. */
  looksLikePath: boolean
  /** All ways to read it, the longest first: names may hold brackets and points, and sentences end with such, too. */
  readings(): Reading[]
}

/**
 * What may name files in a prompt: `@PATH`, `@a\ path`, `@"a path"`, each with `:12`, `:10-20`, `#L3` or `#L3-L9` behind
 * it. Most words that begin with `@` name none, and only a look at the disk tells. `\@` and an e-mail address name none,
 * and `@session/` is a matter of its own. In their order, with what stands there twice.
 */
export function* referencesIn(prompt: string): Generator<PathReference> {
  if (!prompt.includes('@')) return
  // Unicode's properties cost a start half a millisecond: they are read by the first prompt that needs them.
  reference ??= makeReference()
  for (const { 0: all, index, groups = {} } of prompt.matchAll(reference)) {
    const { quoted, suffix = '', plain = '' } = groups
    const word = quoted ?? likelyPath(plain)
    if (word === '' || word.startsWith('session/')) continue
    const path = quoted ?? ranged(word)[0]?.path ?? word
    const called = prompt[index + all.length] === '(' || /^[\w.]+\(/.test(plain)
    const inString = /['"`]/.test(prompt[index - 1] ?? '')
    const looks = quoted !== undefined || path.includes('/') || extension.test(path)
    yield {
      path,
      looksLikePath: looks && !called && !inString,
      readings: () => (quoted === undefined ? plainReadings(plain) : quotedReadings(quoted, suffix)),
    }
  }
}

/** What each most likely names, each once. */
export function pathReferences(prompt: string): string[] {
  return [...new Set([...referencesIn(prompt)].map(({ path }) => path))]
}

/** A path so that it is read back as it is. */
export function escapedPath(path: string): string {
  return path.replaceAll(/[\s"'`\\@]/g, '\\$&')
}

/** The other way. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gsu, '$1')
}

/** Scripts that write no blanks between words. */
const unspaced = '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}'
const begins = `(?<![[\\p{L}\\p{N}_@.\\/\\\\\\-]--[${unspaced}]])@`
let reference: RegExp | undefined

/** A word ends where the next one begins, so that each letter is looked at once. */
function makeReference(): RegExp {
  return new RegExp(
    `${begins}(?:"(?<quoted>[^"\\n]+)"(?<suffix>[:#][\\dL\\-]{1,24})?|(?<plain>(?:\\\\.|(?!${begins})[^\\s"\`\\\\])+))`,
    'gv',
  )
}

/** Endings of files that people talk about; `@app.route` and `@user.name` have none of them. */
const extension =
  /\.(?:[cm]?[jt]sx?|json[c5l]?|md|mdx|txt|rst|adoc|py|ipynb|rb|go|rs|[ch](?:pp|xx|c|h)?|cs|java|kts?|swift|php|pl|lua|r|scala|exs?|erl|hs|ml|sh|bash|zsh|fish|ps1|toml|ya?ml|ini|cfg|conf|env|xml|html?|s?css|less|vue|svelte|sql|csv|tsv|log|lock|diff|patch|proto|graphql|tf|gradle|png|jpe?g|gif|svg|webp|pdf|zip)$/i

/** Where a sentence may go on behind a path. Names that have such a letter are read before. */
const breaks = /[,;|<>':#*，、。；：！？（）「」『』【】《》〈〉…]/
const ends = '.:!?…'
/** At most so many of each are tried. */
const most = { breaks: 8, ends: 4, letters: 5000 }

function plainReadings(word: string): Reading[] {
  const pieces = [
    word,
    ...cutsOf(word)
      .toReversed()
      .map((at) => word.slice(0, at)),
  ]
  const readings: Reading[] = []
  for (const piece of pieces) {
    let text = piece
    for (let stripped = 0; stripped <= most.ends && text !== ''; stripped++) {
      if (text.length <= most.letters) readings.push(...readingsOf(text))
      if (!ends.includes(text.slice(-1))) break
      text = stripped === most.ends - 1 ? withoutEnds(text) : text.slice(0, -1)
    }
  }
  const seen = new Set<string>()
  return readings.filter((reading) => {
    const key = JSON.stringify(reading)
    const again = seen.has(key)
    seen.add(key)
    return !again && !/^\.*$/.test(reading.path)
  })
}

function quotedReadings(path: string, suffix: string): Reading[] {
  if (suffix === '') return [{ path }, ...ranged(path)]
  return [...ranged(`${path}${suffix}`), { path }]
}

/** As a name and, if it ends like one, as a name with lines; a backslash takes the meaning of the letter behind it. */
function readingsOf(text: string): Reading[] {
  const path = unescaped(text)
  return [{ path }, ...ranged(path), ...(path === text ? [] : [{ path: text }])]
}

function ranged(text: string): Reading[] {
  const tail = text.slice(-24)
  const [all, colon, colonTo, hash, hashTo] = range.exec(tail) ?? []
  if (all === undefined || all.length === text.length) return []
  const from = Number(colon ?? hash)
  const to = Number(colonTo ?? hashTo ?? from)
  const lines = { from: Math.max(1, Math.min(from, to)), to: Math.max(1, from, to) }
  return [{ path: text.slice(0, -all.length), lines }]
}

const range = /(?::(\d{1,9})(?:-(\d{1,9})|:\d{1,5})?|#L(\d{1,9})(?:-L?(\d{1,9}))?)$/

/** The first places where a word may have ended, in order. */
function cutsOf(word: string): number[] {
  const cuts: number[] = []
  const open: string[] = []
  let at = 0
  let before = ''
  for (const letter of word) {
    const closes = ')]}'.indexOf(letter)
    if ('([{'.includes(letter)) open.push(letter)
    else if (closes >= 0 && open.pop() !== '([{'[closes]) return [...cuts, at]
    else if (before !== '\\' && (breaks.test(letter) || changesScript(before, letter))) cuts.push(at)
    if (cuts.length === most.breaks || at > most.letters) return cuts
    at += letter.length
    before = letter
  }
  return cuts
}

/** As in `@t.mdを`. */
function changesScript(before: string, letter: string): boolean {
  return /[\w./-]/.test(before) && letter > '\u1100' && unspacedLetter().test(letter)
}

function unspacedLetter(): RegExp {
  return /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u
}

/** What a word behind an `@` most likely names: up to where a name rarely goes on, without what ends a sentence. */
export function likelyPath(word: string): string {
  const cut = cutsOf(word).find((at) => !':#'.includes(word[at] ?? ''))
  return unescaped(withoutEnds(cut === undefined ? word : word.slice(0, cut)))
}

/** A pattern for it would try each of a million points anew. */
function withoutEnds(text: string): string {
  let end = text.length
  while (end > 0 && ends.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
