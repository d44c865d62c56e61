import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Paths } from '../config/paths.ts'
import { writePrivateFile } from '../config/private-file.ts'
import { errorCode } from '../domain/errors.ts'
import type { Tmux } from '../tmux/door.ts'
import type { KeyFiles, SavedKeys } from '../tmux/keys.ts'
import { serverOf } from '../tmux/verbs.ts'
import { whileLocked } from './lock.ts'
import { packageFiles } from './place.ts'

/**
 * Keeps the user's own key bindings beside the runtime directories of all workspaces, under the tmux server's process
 * id: the prefix table is the server's, and ends with it.
 */
export function keyFilesOf(paths: Paths, tmux: Tmux): KeyFiles {
  let known: string | undefined
  const file = async (): Promise<string> => {
    known ??= join(paths.tmuxKeysDir, `keys-${(await serverOf(tmux)).pid}.json`)
    return known
  }
  return {
    templates: packageFiles.templates,
    alone: (work) => whileLocked(join(paths.tmuxKeysDir, 'keys.lock'), 'the keys of tmux', work),
    async writeFile(name, text) {
      const path = join(paths.runtimeDir, name)
      await writePrivateFile(path, text)
      return path
    },
    async load() {
      try {
        const saved: SavedKeys = JSON.parse(await readFile(await file(), 'utf8'))
        return saved
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async save(saved) {
      const path = await file()
      if (saved) await writePrivateFile(path, JSON.stringify(saved))
      else await rm(path, { force: true })
    },
  }
}
