import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../../base/errors.ts'
import { alternatives, escaped, literalOf, namesIn, pathTest } from '../../../text/wildcard.ts'
import type { NoPattern } from './command-pattern.ts'

/** A rule's pattern for paths. Paths are absolute, without `..`. */
export interface PathPattern {
  /** Whether an allow rule names the path and, of a directory that is listed or searched, all that it shows. */
  covers(path: string, directory: boolean): boolean
  /** Whether a deny rule names the path, or a directory that it lies in. Letters' cases do not count. */
  mentions(path: FoldedPath): boolean
}

/**
 * Relative to `cwd`, absolute or `~/`; `**` in front means anywhere below `cwd` where it allows, and anywhere on the disk
 * where it denies. What stands before the first wildcard is meant as it is written, and where links lead from there.
 */
export function pathPattern(text: string, cwd: string): PathPattern | NoPattern {
  const written = alternatives(text)
  if (!written) return { wrong: 'the pattern has too many alternatives' }
  const unclosed = unclosedIn(text)
  if (unclosed !== undefined)
    return { wrong: `${unclosed} does not end; before a letter of a name write a backslash: \\${unclosed}` }
  const wrong = [wrongText(text), ...written.map(wrongPath)].find((words) => words !== undefined)
  if (wrong !== undefined) return { wrong }
  const allowing = written
    .flatMap((one) => placesOf(one.endsWith('/') ? `${one}**` : one, cwd))
    .map(allowTest)
  const denying = written.flatMap((one) => placesOf(one, /^\*\*(?:\/|$)/.test(one) ? '/' : cwd)).map(denyTest)
  return {
    covers: (path, directory) => {
      const names = namesIn(path)
      return allowing.some((test) => test(names, directory))
    },
    mentions: (names) => denying.some((test) => test(names)),
  }
}

/** A path's names as deny rules compare them. */
export type FoldedPath = readonly string[] & { folded: true }

export function foldedPath(path: string): FoldedPath {
  return namesIn(fold(path)) as unknown as FoldedPath
}

/** Where names that lead elsewhere on one disk may be one name on another. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

function wrongPath(pattern: string): string | undefined {
  const names = pattern.split('/')
  const up = names.lastIndexOf('..')
  const behind = names.findIndex((name) => literalOf(name) === undefined)
  if (up >= 0 && behind >= 0 && behind < up)
    return 'a ".." behind a wildcard leads nowhere; write the path without it'
  if (/^@session(?:\/|$)/.test(pattern)) return 'a rule does not know @session/; write .amazonq/sessions/**'
  if (/^~[^/]/.test(pattern)) return 'only ~/ is known, your own home directory; write the whole path'
  if (/^\$|\$\{|(?:^|\/)\$[A-Z_]+(?:\/|$)|%[A-Z]+%/.test(pattern))
    return 'a rule knows no variables; write ~/ or the whole path'
  if (/^[a-z]+:\/\//i.test(pattern)) return 'write a path, not an address'
  if (pattern.startsWith('!'))
    return 'no rule is the opposite of another; for a name that begins so write ./!'
  if (/^\^|\$$/.test(pattern)) return `it is not a regular expression; ${wildcards}`
  if (/^[A-Za-z]:[\\/]/.test(pattern) || /^(?:[^\\]|\\[^\w.])*\\[\w.]/.test(pattern))
    return 'a backslash only makes a letter of *, ? and brackets; what separates names is /'
  if (names.some((name) => name.includes('**') && name !== '**'))
    return 'inside a name ** is no more than *; write **/* for any directories'
  return undefined
}

function wrongText(text: string): string | undefined {
  if (text.trim() !== text) return 'write it without blanks at its ends'
  if (/^(["'`]).*\1$/s.test(text)) return 'write it without quotes'
  if (/,\s/.test(text)) return 'write one rule for each path'
  return closesFirst(text) ? 'its brackets do not match; write one rule for each path' : undefined
}

const wildcards = 'the wildcards are *, ?, [a-z], {a,b} and ** between slashes'

/** A `{` or `[` that nothing ends. */
function unclosedIn(text: string): string | undefined {
  const rest = text.replaceAll(/\\./gs, '')
  if (rest.lastIndexOf('{') > rest.lastIndexOf('}')) return '{'
  return rest.lastIndexOf('[') > rest.lastIndexOf(']') ? '[' : undefined
}

/** A `)` before its `(`: `fs_read(a) fs_read(b)` in one text. */
function closesFirst(text: string): boolean {
  let open = 0
  for (const letter of text) {
    if (letter === '(') open += 1
    if (letter === ')') open -= 1
    if (open < 0) return true
  }
  return false
}

/** Names of an absolute pattern: as written, and with the links of its beginning followed. */
function placesOf(pattern: string, cwd: string): PatternPlace[] {
  const home = /^~(?:\/|$)/.test(pattern)
  const names = (home ? pattern.slice(1) : pattern).split('/')
  const wild = names.findIndex((name) => literalOf(name) === undefined)
  const split = wild < 0 ? names.length : wild
  const begin = names.slice(0, split).map((name) => literalOf(name) ?? name)
  const base = home ? homedir() : pattern.startsWith('/') ? '/' : cwd
  const literal = join(base, ...begin)
  const rest = names.slice(split)
  return [...new Set([literal, realOf(literal)])].map((place) => ({ literal: place, rest }))
}

function allowTest(place: PatternPlace): (names: readonly string[], directory: boolean) => boolean {
  const pattern = patternOf(place)
  const test = pathTest(pattern)
  const last = namesIn(pattern).at(-1) ?? ''
  const whole = last === '**' || literalOf(last) !== undefined
  return (names, directory) => (whole || !directory) && test(names)
}

/** A name without wildcards at its end may be that of a directory: all below is meant, too. */
function denyTest(place: PatternPlace): (names: readonly string[]) => boolean {
  const pattern = fold(patternOf(place))
  const below = literalOf(namesIn(pattern).at(-1) ?? '') !== undefined
  return pathTest(below ? `${pattern}/**` : pattern)
}

interface PatternPlace {
  literal: string
  rest: readonly string[]
}

function patternOf({ literal, rest }: PatternPlace): string {
  return [escaped(literal), ...rest].join('/')
}

/** Without links, as far as it exists. What cannot be looked at stays as it is. */
export function realOf(path: string): string {
  let real = '/'
  const names = namesIn(path)
  for (const [index, name] of names.entries()) {
    try {
      real = realpathSync(join(real, name))
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      return join(real, ...names.slice(index))
    }
  }
  return real
}
