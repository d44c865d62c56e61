import { sensitivePlaces } from './sensitive-places.ts'

/**
 * Whether a path lies where credentials, or what was said in confidence, are kept: read only after asking, and left out of
 * searches. By its names alone, at any depth, letter case aside; takes time linear in its length.
 */
export function isSensitive(path: string): boolean {
  return sensitivity(path) !== undefined
}

/** `ending`: only a name's end says so (`*.key`), and many a word that is no path ends like that. */
export function sensitivity(path: string): 'name' | 'ending' | undefined {
  const names = folded(path).split('/').filter(isPart)
  if (path.startsWith('/') && names[0] === 'proc' && names.length > 1) return 'name'
  let found: 'ending' | undefined
  for (const [at, name] of names.entries()) {
    if (harmless.test(name)) continue
    const fitting = tailsAt(name).filter((tail) => fits(tail, names, at))
    if (fitting.some(([first]) => first?.before !== '')) return 'name'
    if (fitting.length > 0) found = 'ending'
  }
  return found
}

/** The names that one name in a path is enough for, as they are written: what a pattern of a shell may be held against. */
export function sensitiveNames(): readonly string[] {
  return sensitivePlaces.filter((tail) => !/[/*]/.test(tail))
}

/** Why what a file holds is a credential, whatever its name; undefined: no reason known. `text`: its beginning. */
export function credentialsIn(path: string, text: string): string | undefined {
  if (privateKey.test(text)) return 'it holds a private key'
  if (!isOfGit(path)) return undefined
  return text.split('\n').some((line) => passwordInUrl.test(line) || secretKey.test(line))
    ? 'a URL in it holds a password'
    : undefined
}

/** Why a model does not get a file that could be read; `path` is how it was named, `real` without links. */
export type KeptBack = (file: { path: string; real: string; text: string }) => Promise<string | undefined>

/** So much of a file is enough to know, in bytes. */
export const credentialsHead = 65_536

const privateKey = /^\s{0,100}(?:-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-\d)/

/** Whether git keeps the addresses of remotes in it. */
function isOfGit(path: string): boolean {
  const whole = folded(path)
  return gitFiles.some((end) => whole.endsWith(end)) || gitDirectories.some((part) => whole.includes(part))
}

const gitFiles = [
  '.git/config',
  '.git/config.worktree',
  '.git/fetch_head',
  '.git/packed-refs',
  '/.gitconfig',
].concat(['/.gitmodules', '/git/config', '/.hgrc', '/.hg/hgrc'])
const gitDirectories = ['.git/logs/', '.git/modules/', '.git/worktrees/']

/** `user:password@`, or a token in a user's place. */
const passwordInUrl = /:\/\/(?:[^\s/@:]*:[^\s/@]+|[^\s/@:]{20,})@/
const secretKey = /^[ \t]*(?:extraheader[ \t]*=[ \t]*["']?authorization|password[ \t]*=|token[ \t]*=)/i

interface Part {
  before: string
  /** What follows a `*`; undefined: the name is just `before`. */
  after: string | undefined
}

/** By how their first name begins, or else ends. */
let index: Map<string, Part[][]> | undefined

function tailsAt(name: string): readonly Part[][] {
  index ??= makeIndex()
  const keys = [`=${name}`, `^${name.charAt(0)}`, `$${name.at(-1)}`]
  return keys.flatMap((key) => index?.get(key) ?? [])
}

function makeIndex(): Map<string, Part[][]> {
  const made = new Map<string, Part[][]>()
  for (const text of sensitivePlaces) {
    const tail = text.split('/').map(partOf)
    const [{ before, after } = partOf('')] = tail
    const key =
      after === undefined ? `=${before}` : before === '' ? `$${after.at(-1)}` : `^${before.charAt(0)}`
    made.set(key, [...(made.get(key) ?? []), tail])
  }
  return made
}

function partOf(name: string): Part {
  const [before = '', after] = name.split('*')
  return { before, after }
}

function fits(tail: readonly Part[], names: readonly string[], at: number): boolean {
  return tail.every(({ before, after }, index) => {
    const name = names[at + index]
    if (name === undefined) return false
    if (after === undefined) return name === before
    const letters = before.length + after.length
    return name.length > letters - (after === '' ? 1 : 0) && name.startsWith(before) && name.endsWith(after)
  })
}

/** Public halves of keys, and files that show what a file of variables looks like. */
const harmless =
  /\.pub$|^\.env.*[._-](?:example|sample|template|tmpl|tpl|dist|defaults?|schema)$|^(?:example|sample|template|dist|default)\.env$/

/** Letters that a file system without letter case takes for the same become the same. */
function folded(path: string): string {
  return path.toUpperCase().toLowerCase()
}

function isPart(name: string): boolean {
  return name !== '' && name !== '.'
}
