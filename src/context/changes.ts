import { isAbsolute, join, relative } from 'node:path'
import { isInside } from '../base/is-inside.ts'
import { wildcard } from '../text/wildcard.ts'

/** What the user changed for a session. The last one that fits a file counts. */
export interface ContextChange {
  action: 'add' | 'remove'
  /** Absolute. */
  path: string
  /** A pattern for what lies below `path`; undefined: `path` itself. */
  glob: string | undefined
}

/** Whether a change is about a file. */
export function means({ path: root, glob }: Pick<ContextChange, 'path' | 'glob'>, path: string): boolean {
  if (glob === undefined) return path === root
  return isInside(root, path) && (wildcard(glob)?.(relative(root, path)) ?? false)
}

/** What a person's PATH or GLOB means: from its first name with `*`, `?`, `[` or `{` on it is a pattern. */
export function parsePattern(
  cwd: string,
  home: string | undefined,
  typed: string,
): Pick<ContextChange, 'path' | 'glob'> {
  const parts = typed.split('/')
  const first = parts.findIndex((part) => /[*?[{]/.test(part))
  if (first < 0) return { path: absolute(cwd, home, typed), glob: undefined }
  const root = parts.slice(0, first).join('/')
  const start = first > 0 && root === '' ? '/' : root
  return { path: absolute(cwd, home, start), glob: parts.slice(first).join('/') }
}

/** Where a path leads from the working directory; `~` is `home`, if there is one. */
export function absolute(cwd: string, home: string | undefined, path: string): string {
  const way = /^~(\/|$)/.test(path) && home ? join(home, path.slice(1)) : path
  const full = isAbsolute(way) ? join(way) : join(cwd, way)
  return full.length > 1 ? full.replace(/\/$/, '') : full
}
