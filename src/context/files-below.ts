import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../base/errors.ts'
import { madeByPrograms } from '../domain/made-by-programs.ts'

/** More entries than this are not looked at. */
const maxEntries = 20_000

/**
 * The files and links below a directory, in order of names, as paths with `/` relative to it. No link to a directory is
 * followed; what may not be read is left out; nothing where the directory does not exist.
 */
export async function filesBelow(root: string): Promise<string[]> {
  const found: string[] = []
  const open = ['']
  let seen = 0
  for (let path = open.pop(); path !== undefined && seen < maxEntries; path = open.pop()) {
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error: unknown) => {
      if (errorCode(error) === undefined) throw error
      return []
    })
    seen += entries.length
    for (const entry of entries) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`
      if (!entry.isDirectory()) found.push(name)
      else if (!madeByPrograms.includes(entry.name)) open.push(name)
    }
  }
  return found.sort((a, b) => (a < b ? -1 : 1))
}
