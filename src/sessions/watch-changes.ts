import { watchFiles } from '../status/watch-statuses.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export interface Changes {
  /** Resolves when something may be other than at the last call, or at the beginning. */
  next(): Promise<void>
  close(): Promise<void>
}

/** Two changes that come close after one another may be told as one, when the second is not there yet: all is looked at again, in ms. */
const settling = 100

/** Tells of changes of the store and of what workers say, as they come; nothing is asked again and again. */
export async function watchChanges({ paths }: Pick<Workspace, 'paths'>): Promise<Changes> {
  let changed = false
  let hear: (() => void) | undefined
  let settle: NodeJS.Timeout | undefined
  const tell = (): void => {
    changed = true
    hear?.()
  }
  const watch = await watchFiles(
    [paths.database, `${paths.database}-wal`, paths.statusDir],
    () => {
      tell()
      settle ??= setTimeout(() => {
        settle = undefined
        tell()
      }, settling)
    },
    () => {},
  )
  return {
    async next() {
      if (!changed)
        await new Promise<void>((resolve) => {
          hear = resolve
        })
      hear = undefined
      changed = false
    },
    close() {
      clearTimeout(settle)
      return watch.close()
    },
  }
}
