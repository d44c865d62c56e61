import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fields, flag, list, text } from '../base/checked-json.ts'
import { readOwn, writeOwn } from '../config/paths/own-file.ts'
import type { Paths } from '../config/paths/paths.ts'
import { whileLocked } from '../sessions/workspace/lock.ts'
import { type Tmux, TmuxError } from '../tmux/door.ts'
import type { KeyFiles, SavedKeys } from '../tmux/tmux-keys.ts'
import { serverOf } from '../tmux/verbs.ts'

/**
 * Keeps the user's own key bindings beside the runtime directories of all workspaces, under the tmux server's process
 * id: the prefix table is the server's, and ends with it.
 */
export function keyFilesOf(paths: Paths, tmux: Tmux): KeyFiles {
  let known: string | undefined
  const file = async (): Promise<string> => {
    known ??= fileOn(paths, (await serverOf(tmux)).pid)
    return known
  }
  return {
    alone: (work) => whileLocked(join(paths.tmuxKeysDir, 'keys.lock'), 'the keys of tmux', work),
    async writeFile(name, text) {
      const path = join(paths.runtimeDir, name)
      writeOwn(path, text)
      return path
    },
    async load() {
      return readOwn(await file(), savedKeys, lost)
    },
    async save(saved) {
      const path = await file()
      if (saved) writeOwn(path, JSON.stringify(saved))
      else await rm(path, { force: true })
    },
  }
}

/** Where they are kept; nowhere without a server. */
export async function keysFile(paths: Paths, tmux: Tmux): Promise<string[]> {
  try {
    return [fileOn(paths, (await serverOf(tmux)).pid)]
  } catch (error) {
    if (error instanceof TmuxError) return []
    throw error
  }
}

function fileOn({ tmuxKeysDir }: Paths, server: number): string {
  return join(tmuxKeysDir, `keys-${server}.json`)
}

const savedKeys = fields<SavedKeys>({
  bindings: list(fields({ key: text, bound: flag, body: text, repeat: flag, note: text })),
})

const lost =
  'what your own keys were before q mux took them is not known; load your tmux configuration again where one is missing'
