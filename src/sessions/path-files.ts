import { realpath } from 'node:fs/promises'
import type { Attachment } from '../domain/attachment.ts'
import { describeError, errorCode } from '../domain/errors.ts'
import { isInside } from '../domain/inside.ts'
import { pathReferences } from '../domain/path-reference.ts'
import type { KeptBack } from '../domain/sensitive.ts'
import { bytes, oneLine } from '../domain/text.ts'
import { listDirectory } from '../tools/list-directory.ts'
import { locate, showPath, type Target } from '../tools/locate.ts'
import { realOperations } from '../tools/operations.ts'
import { isBinary, readFileAt } from '../tools/read-file.ts'
import { Refusal } from '../tools/shape.ts'
import { completePath } from './complete-path.ts'
import { attachmentLimit } from './session-files.ts'

/** One `@PATH` of a prompt that names something: what goes along, or why nothing does. `note` says it to people. */
export interface NamedPath {
  attachment: Attachment | undefined
  note: string
}

/** So many words that begin with `@` are looked up; a pasted log may have any number of them. */
const mostLookedUp = 200

/**
 * What the `@PATH`s of a prompt name below `cwd` or elsewhere; words that name nothing are left out. `here`, for words
 * that the user did not type: only what lies in `cwd`, and what is not `keptBack`.
 */
export async function readPaths(
  prompt: string,
  cwd: string,
  here: boolean,
  keptBack: KeptBack = async () => undefined,
): Promise<NamedPath[]> {
  const names = pathReferences(prompt).slice(0, mostLookedUp)
  const real = await realpath(cwd).catch(() => undefined)
  if (real === undefined) return []
  const found: NamedPath[] = []
  for (const name of names) {
    const one = await readPath(name, real, here ? keptBack : undefined)
    if (one) found.push(one)
  }
  return found
}

/** undefined: there is no such thing. */
async function readPath(
  name: string,
  cwd: string,
  keptBack: KeptBack | undefined,
): Promise<NamedPath | undefined> {
  try {
    const target = await locate(realOperations, { cwd }, name)
    if (target.kind === 'absent') return undefined
    const shown = showPath(target, cwd)
    if (keptBack && !isInside(cwd, target.real))
      return without(
        shown,
        'it is outside of the working directory, and not all of this prompt was typed here',
      )
    const found = target.kind === 'directory' ? await listing(target, shown) : await content(target, shown)
    const { ways: [path = target.real] = [], real } = target
    const why = await keptBack?.({ path, real, text: found.attachment?.text ?? '' })
    return why === undefined ? found : without(shown, `${why}, and not all of this prompt was typed here`)
  } catch (error) {
    if (error instanceof Refusal) return without(oneLine(name), error.message)
    if (/^(ENOENT|ENOTDIR|ENAMETOOLONG)$/.test(errorCode(error) ?? '')) return undefined
    return without(oneLine(name), describeError(error))
  }
}

async function content(target: Target, shown: string): Promise<NamedPath> {
  const { bytes: read, size } = await readFileAt(realOperations, target, attachmentLimit)
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

async function listing(target: Target, shown: string): Promise<NamedPath> {
  const text = await listDirectory(realOperations, target.real, 1, { signal: new AbortController().signal })
  const size = Buffer.byteLength(text)
  return {
    attachment: { kind: 'directory', path: target.asked, text, size, cut: false },
    note: `with ${shown}, what is in it`,
  }
}

function without(shown: string, why: string): NamedPath {
  return { attachment: undefined, note: `without ${shown}: ${oneLine(why)}` }
}

/** What `@WORD` may be completed to; directories end in `/`. */
export async function completeReference(
  cwd: string,
  home: string | undefined,
  word: string,
): Promise<string[]> {
  const paths = await completePath(cwd, home, word.slice(1))
  return paths.map((path) => `@${path}`).filter((found) => pathReferences(found)[0] === found.slice(1))
}
