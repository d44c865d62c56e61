import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import type { Operations } from '../files/operations.ts'
import type { Ignored } from './ignored.ts'

export interface WalkOptions {
  signal: AbortSignal
  /** Paths to leave out, with all below them. */
  hidden?: ((real: string) => boolean) | undefined
  /** What git would leave out is left out, with all below it. */
  ignored?: Ignored | undefined
  /** Directory names that are not entered. */
  skip?: readonly string[] | undefined
  /** Levels below `root` that are entered; default: all. */
  depth?: number | undefined
}

export interface WalkedEntry {
  /** Relative to the root, with `/`. */
  path: string
  real: string
  kind: 'file' | 'directory' | 'link' | 'other'
}

/** More entries than this are not looked at. */
const maxWalked = 100_000

/** What lies below a directory, in order of names, a directory before its content. No link is followed, and no `.git` entered. */
export async function* walk(
  { fs }: Operations,
  root: string,
  options: WalkOptions,
): AsyncGenerator<WalkedEntry> {
  const { signal, hidden = () => false, ignored, skip = [], depth = 100 } = options
  const open: { at: string; path: string; level: number }[] = [{ at: root, path: '', level: 0 }]
  let seen = 0
  for (let next = open.pop(); next; next = open.pop()) {
    signal.throwIfAborted()
    const { at, path, level } = next
    if (path !== '') yield { path, real: at, kind: 'directory' }
    const entries = await fs.readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      // Gone, or not ours to read: what is below a directory that was listed is no reason to find nothing at all.
      if (level > 0 && /^(EACCES|EPERM|ENOENT)$/.test(errorCode(error) ?? '')) return []
      throw error
    })
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    const visible = entries.filter(({ name }) => name !== '.git' && !hidden(join(at, name)))
    const out = await ignored?.among(at, visible.map(nameOf))
    const below: typeof open = []
    for (const entry of visible) {
      if (++seen > maxWalked) return
      if (seen % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
      const real = join(at, entry.name)
      const name = path === '' ? entry.name : `${path}/${entry.name}`
      if (out?.has(nameOf(entry))) continue
      if (!entry.isDirectory()) yield { path: name, real, kind: kindOf(entry) }
      else if (skip.includes(entry.name)) yield { path: name, real, kind: 'directory' }
      else if (level < depth) below.unshift({ at: real, path: name, level: level + 1 })
      else yield { path: name, real, kind: 'directory' }
    }
    open.push(...below)
  }
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name
}

function kindOf(entry: Dirent): WalkedEntry['kind'] {
  if (entry.isFile()) return 'file'
  return entry.isSymbolicLink() ? 'link' : 'other'
}
