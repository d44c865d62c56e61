import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * The paths that a typed word may be completed to, in order, as they would be typed; directories end in `/`. None where
 * it may not look, and none that a terminal could not show.
 */
export async function completePath(cwd: string, home: string | undefined, word: string): Promise<string[]> {
  const [, directory = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(word) ?? []
  const below = home && directory.startsWith('~/') ? join(home, directory.slice(2)) : resolve(cwd, directory)
  const entries = await readdir(below, { withFileTypes: true }).catch(() => [])
  const found = entries
    .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
    .map(async (entry) => {
      const isDirectory = entry.isSymbolicLink()
        ? await leadsToDirectory(join(below, entry.name))
        : entry.isDirectory()
      return `${directory}${entry.name}${isDirectory ? '/' : ''}`
    })
  return (await Promise.all(found)).filter((path) => !/\p{C}/u.test(path)).sort()
}

function leadsToDirectory(link: string): Promise<boolean> {
  return stat(link).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
}
