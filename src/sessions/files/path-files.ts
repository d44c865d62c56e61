import { realpath } from 'node:fs/promises'
import { describeError, errorCode } from '../../base/errors.ts'
import { isInside } from '../../base/is-inside.ts'
import type { Attachment } from '../../domain/attachment.ts'
import {
  escapedPath,
  type LineRange,
  type PathReference,
  type Reading,
  referencesIn,
  unescaped,
} from '../../domain/path-reference.ts'
import type { KeptBack } from '../../domain/sensitive.ts'
import { bytes, count, oneLine } from '../../text/plain-text.ts'
import { firstLines } from '../../tools/cap.ts'
import { locate, showPath, type Target } from '../../tools/files/locate.ts'
import { realOperations } from '../../tools/files/operations.ts'
import { isBinary, readFileAt } from '../../tools/files/read-file.ts'
import { Refusal } from '../../tools/refusal.ts'
import { listDirectory } from '../../tools/search/list-directory.ts'
import { completePath } from './complete-path.ts'
import { maxAttachmentBytes } from './session-files.ts'

/** One `@PATH` of a prompt that names something: what goes along, or why nothing does. `note` says it to people. */
export interface NamedPath {
  attachment: Attachment | undefined
  note: string
}

/** So many words that begin with `@` are looked up; a pasted log may have any number of them. */
const maxLookedUp = 200

/**
 * What the `@PATH`s of a prompt name below `cwd` or elsewhere. A word that names nothing is left out, unless it looks
 * like a path. `here`, for words that the user did not type: only what lies in `cwd`, and what is not
 * `keptBack`.
 */
export async function readPaths(
  prompt: string,
  cwd: string,
  here: boolean,
  keptBack: KeptBack = async () => undefined,
): Promise<NamedPath[]> {
  const real = await realpath(cwd).catch(() => undefined)
  if (real === undefined) {
    const named = [...referencesIn(prompt).take(maxLookedUp)].filter((one) => one.looksLikePath)
    return notesOn([...new Set(named.map(({ path }) => oneLine(path)))], 'the working directory is gone')
  }
  const found = new Map<string, NamedPath>()
  const missing = new Set<string>()
  let lookedUp = 0
  for (const reference of referencesIn(prompt)) {
    if (++lookedUp > maxLookedUp) break
    const one = await readFirst(reference, real, here ? keptBack : undefined)
    if (one) found.set(one.key, one)
    else if (reference.looksLikePath) missing.add(oneLine(reference.path))
  }
  return [...found.values(), ...notesOn([...missing])]
}

/** Pasted code may have many words that look like paths. */
function notesOn(missing: readonly string[], gone?: string): NamedPath[] {
  const said = missing.slice(0, maxMissing).map((path) => without(path, gone ?? 'there is no such file'))
  const more = missing.length - said.length
  return more > 0 ? [...said, without(`${more} more`, gone ?? 'there are no such files')] : said
}

const maxMissing = 3

/** The first way to read a reference that names something; undefined: none does. */
async function readFirst(
  reference: PathReference,
  cwd: string,
  keptBack: KeptBack | undefined,
): Promise<(NamedPath & { key: string }) | undefined> {
  for (const reading of reference.readings()) {
    const one = await readPath(reading, cwd, keptBack)
    if (one) return { ...one, key: JSON.stringify(reading) }
  }
  return undefined
}

/** undefined: there is no such thing. */
async function readPath(
  { path, lines }: Reading,
  cwd: string,
  keptBack: KeptBack | undefined,
): Promise<NamedPath | undefined> {
  try {
    const target = await locate(realOperations, { cwd }, path)
    if (target.kind === 'absent') return undefined
    const shown = showPath(target, cwd)
    if (keptBack && !isInside(cwd, target.real))
      return without(
        shown,
        'it is outside of the working directory, and not all of this prompt was typed here',
      )
    if (target.kind === 'directory' && lines) return undefined
    const found =
      target.kind === 'directory'
        ? await listing(target, cwd, shown)
        : lines
          ? await someLines(target, shown, lines)
          : await content(target, shown)
    const { ways: [way = target.real] = [], real } = target
    // Lines of a key do not say that they are some: its beginning does.
    const whole = lines && keptBack ? await content(target, shown) : found
    const why = await keptBack?.({ path: way, real, text: whole.attachment?.text ?? '' })
    return why === undefined ? found : without(shown, `${why}, and not all of this prompt was typed here`)
  } catch (error) {
    if (error instanceof Refusal) return without(oneLine(path), error.message)
    if (/^(ENOENT|ENOTDIR|ENAMETOOLONG)$/.test(errorCode(error) ?? '')) return undefined
    return without(oneLine(path), describeError(error))
  }
}

async function content(target: Target, shown: string): Promise<NamedPath> {
  const { bytes: read, size } = await readFileAt(realOperations, target, maxAttachmentBytes)
  if (isBinary(read)) return without(shown, 'it is not text')
  const cut = size > read.length
  // As a stream, a letter that the limit cuts in two is left out.
  const text = new TextDecoder().decode(read, { stream: cut })
  const words = cut ? `the first ${bytes(read.length)} of ${bytes(size)}` : bytes(size)
  return {
    attachment: { kind: 'file', path: target.asked, text, size, cut },
    note: `with ${shown}, ${words}`,
  }
}

/** Line by line from the beginning, so that lines far down a long file are found, too. */
async function someLines(target: Target, shown: string, { from, to }: LineRange): Promise<NamedPath> {
  const { bytes: read, size } = await readFileAt(realOperations, target)
  if (isBinary(read)) return without(shown, 'it is not text')
  const all = new TextDecoder().decode(read, { stream: size > read.length }).split('\n')
  if (all.at(-1) === '') all.pop()
  if (from > all.length) return without(shown, `it has no line ${from}, only ${count(all.length, 'line')}`)
  const last = Math.min(to, all.length)
  const { text, left } = firstLines(all.slice(from - 1, last), maxAttachmentBytes)
  const lines = { from, to: last - left }
  const words = lines.from === lines.to ? `line ${from}` : `lines ${from} to ${lines.to}`
  return {
    attachment: { kind: 'file', path: target.asked, text, size, cut: left > 0, lines },
    note: `with ${shown}, ${words} of ${all.length}${left > 0 ? ': the rest is too long' : ''}`,
  }
}

async function listing(target: Target, cwd: string, shown: string): Promise<NamedPath> {
  const { signal } = new AbortController()
  const text = await listDirectory(realOperations, { cwd }, target, { depth: 1, all: false, signal })
  const size = Buffer.byteLength(text)
  return {
    attachment: { kind: 'directory', path: target.asked, text, size, cut: false },
    note: `with ${shown}, what is in it`,
  }
}

function without(shown: string, why: string): NamedPath {
  return { attachment: undefined, note: `without ${shown}: ${oneLine(why)}` }
}

/** What `@WORD` may be completed to, so that it is read back; directories end in `/`. The word may have open quotes. */
export async function completeReference(
  cwd: string,
  home: string | undefined,
  word: string,
): Promise<string[]> {
  const quoted = word.startsWith('@"')
  const typed = quoted ? word.slice(2) : unescaped(word.slice(1))
  const paths = await completePath(cwd, home, typed)
  return paths
    .map((path) => ({ path, written: quoted ? quotedPath(path) : `@${escapedPath(path)}` }))
    .filter(({ path, written }) => isReadBack(path, written))
    .map(({ written }) => written)
}

/** Quotes stay open behind a directory: its name goes on. */
function quotedPath(path: string): string {
  return `@"${path}${path.endsWith('/') ? '' : '"'}`
}

function isReadBack(path: string, written: string): boolean {
  const closed = written.startsWith('@"') && !written.endsWith('"') ? `${written}"` : written
  const [first, ...more] = referencesIn(closed)
  return more.length === 0 && first?.readings()[0]?.path === path
}
