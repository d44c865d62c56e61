import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { realOperations } from '../../tools/files/operations.ts'

/**
 * The paths that a typed word may be completed to, in order, as they would be typed; directories end in `/`. None where
 * it may not look, and none that a terminal could not show.
 */
export async function completePath(cwd: string, home: string | undefined, word: string): Promise<string[]> {
  const [, directory = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(word) ?? []
  const below = home && directory.startsWith('~/') ? join(home, directory.slice(2)) : resolve(cwd, directory)
  const entries = await readdir(below, { withFileTypes: true }).catch(() => [])
  const begun = entries.filter(
    ({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')),
  )
  const ignored = await ignoredAmong(cwd, below, begun)
  const found = begun
    .filter((entry) => !ignored.has(nameOf(entry)))
    .map(async (entry) => {
      const isDirectory = entry.isSymbolicLink()
        ? await leadsToDirectory(join(below, entry.name))
        : entry.isDirectory()
      return `${directory}${entry.name}${isDirectory ? '/' : ''}`
    })
  return (await Promise.all(found)).filter((path) => !/\p{C}/u.test(path)).sort()
}

/** What git would not look at, unless the directory itself is such a one. */
async function ignoredAmong(
  cwd: string,
  directory: string,
  entries: readonly Dirent[],
): Promise<ReadonlySet<string>> {
  const [root, top] = await Promise.all([realpath(directory), realpath(cwd)]).catch(() => [])
  if (root === undefined || top === undefined || entries.length === 0) return new Set()
  const { ignoredBelow } = await import('../../tools/search/ignored.ts')
  const ignored = await ignoredBelow(realOperations, root, top)
  return ignored.among(root, entries.map(nameOf))
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name
}

function leadsToDirectory(link: string): Promise<boolean> {
  return stat(link).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
}
