import { homedir } from 'node:os'
import { posix } from 'node:path'

/** A word of a command line that may name a file, as a shell would pass it on. */
export interface NamedPath {
  /** Without quotes; `~/` and `$HOME` are the home directory. */
  text: string
  /** `*`, `?`, `[` or an expansion stands in it, outside of quotes: `*` for what is not known. */
  pattern: boolean
  /** It stands behind a `:`, as in `HEAD:PATH`. */
  behindColon: boolean
  /** Where a `cd` before it leads, as it was written; empty: where the command starts. */
  from: string
}

/** More words than this, or more choices in the braces of one, are not looked at. */
const maxNamed = { words: 400, choices: 64 }

/**
 * What a command line may name, read generously: each word, what stands behind `=`, `:`, `@`, `,` or an option's letter,
 * each choice of its braces. undefined: more than anybody would read. Takes linear time.
 */
export function namedPaths(command: string): NamedPath[] | undefined {
  const found = new Map<string, NamedPath>()
  let from = ''
  let cd = false
  let shell = false
  for (const { text, quoted } of shellWords(command)) {
    shell ||= runsText.test(text)
    if (quoted && shell && /\s/.test(text)) {
      // What it runs is a line of its own, with wildcards that mean something.
      for (const named of namedPaths(text) ?? [])
        found.set(JSON.stringify([named, from]), atStart(named, from))
      if (found.size > maxNamed.words) return undefined
    }
    const choices = quoted ? [text] : choicesOf(text)
    if (!choices) return undefined
    for (const choice of choices) {
      const pattern = !quoted && /[*?[]/.test(choice)
      const path = atHome(choice)
      if (cd) from = posix.isAbsolute(path) ? path : posix.join(from, path)
      for (const { piece, behindColon } of piecesOf(path)) {
        const key = JSON.stringify([piece, pattern, behindColon, from])
        found.set(key, { text: piece, pattern, behindColon, from })
        if (found.size > maxNamed.words) return undefined
      }
    }
    cd = text === 'cd' || text === 'pushd' || text === '-C'
  }
  return [...found.values()]
}

/** `bash`, `/bin/sh`, `eval`: their words may be lines. */
const runsText = /(?:^|\/)(?:[a-z]{0,4}sh|eval|su|watch|xargs|env)$/

function atStart(named: NamedPath, from: string): NamedPath {
  return { ...named, from: posix.isAbsolute(named.from) ? named.from : posix.join(from, named.from) }
}

/** The parts of a line between anything that is no part of a path, with quotes as parts and as nothing. */
export function barePaths(command: string): string[] {
  const apart = /[\s;&|()<>{}[\]`'"\\=:@,!#]+/
  return [...command.replaceAll(/["'\\]/g, '').split(apart), ...command.split(apart)]
}

/** Words as a shell splits them, close enough: an expansion becomes `*`. */
function* shellWords(command: string): Generator<{ text: string; quoted: boolean }> {
  const word = /(?:[^\s;&|()<>`'"\\]|\\[\s\S]|'[^']*(?:'|$)|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$))+|\\$/g
  for (const { 0: raw, index } of command.matchAll(word)) {
    const goesOn = command[index + raw.length] === '`' || (raw.endsWith('$') && raw.length > 1)
    const known = raw.replaceAll(/\$(?:HOME(?!\w)|\{HOME\})/g, () => homedir())
    const plain = known.replaceAll(/\$'((?:[^'\\]|\\[\s\S])*)'/g, (_, inside: string) => decoded(inside))
    // `[[:alpha:]]` is one letter, and what a command behind it adds is not known.
    const open = plain
      .replaceAll(/\$\{[^{}]*\}|\$\w+/g, '*')
      .replaceAll(/\[[^\][]*\[[:.=][^\][]*[:.=]\][^\][]*\]/g, '?')
      .concat(goesOn ? '*' : '')
      .replace(/\$\*$/, '*')
    const text = open.replaceAll(piece, (_, single?: string, double?: string, letter?: string) => {
      if (single !== undefined) return single
      return double === undefined ? (letter ?? '') : double.replaceAll(/\\([\s\S])/g, '$1')
    })
    // Of an expansion alone nothing is known.
    if (!/[^*/]/.test(text) && !/[*?[]/.test(raw)) continue
    yield { text, quoted: /^(?:'[^']*'|"[^"$]*")$/.test(raw) }
  }
}

const piece = /'([^']*)'?|"((?:[^"\\]|\\[\s\S])*)"?|\\([\s\S]?)/g

/** The letters of `$'\\x2e'`. */
function decoded(text: string): string {
  return text.replaceAll(
    /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|([0-7]{1,3})|([\s\S]))/gi,
    (_, hex?: string, unicode?: string, octal?: string, letter?: string) =>
      letter ??
      String.fromCharCode(Number.parseInt(hex ?? unicode ?? octal ?? '', octal === undefined ? 16 : 8)),
  )
}

function atHome(path: string): string {
  return /^~(?:\/|$)/.test(path) ? homedir() + path.slice(1) : path
}

function piecesOf(path: string): { piece: string; behindColon: boolean }[] {
  const pieces = [{ piece: path, behindColon: false }]
  const equals = path.indexOf('=')
  if (equals >= 0) pieces.push({ piece: atHome(path.slice(equals + 1)), behindColon: false })
  const colon = path.indexOf(':')
  if (colon >= 0) pieces.push({ piece: atHome(path.slice(colon + 1)), behindColon: true })
  if (/[=:@,]/.test(path))
    for (const part of path.split(/[=:@,]/)) pieces.push({ piece: atHome(part), behindColon: false })
  if (/^-[A-Za-z]./.test(path)) pieces.push({ piece: atHome(path.slice(2)), behindColon: false })
  return pieces.filter((one) => one.piece !== '' && one.piece.length <= 4096)
}

/** Every choice of the braces: `{a,b}c` is `ac` and `bc`; of `{1..9}` nothing is known. */
function choicesOf(text: string): string[] | undefined {
  const done: string[] = []
  const open = [
    text.replaceAll(/\{([^{},]*)\}/g, (_, inside: string) => (inside.includes('..') ? '*' : inside)),
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (done.length + open.length > maxNamed.choices) return undefined
    const group = next.matchAll(/\{([^{}]*)\}/g).find(([, inside]) => inside?.includes(','))
    if (!group) {
      done.push(next)
      continue
    }
    const [whole, inside = ''] = group
    const before = next.slice(0, group.index)
    const after = next.slice(group.index + whole.length)
    const choices = inside.split(',')
    if (choices.length > maxNamed.choices) return undefined
    open.push(...choices.map((one) => before + one + after))
  }
  return done
}
