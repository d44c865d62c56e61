import { watchFiles } from '../status/watch-statuses.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** Two changes that come close after one another may be told as one, when the second is not there yet: all is looked at again, in ms. */
const settling = 100

/**
 * Yields once at least, and again whenever the store or what workers say may be other than at the last time: nothing is asked
 * again and again, and what changes while the caller looks is told too. Ends when the signal fires; whoever leaves the loop
 * before ends it as well.
 */
export async function* watchChanges(
  { paths }: { paths: Pick<Workspace['paths'], 'database' | 'statusDir'> },
  signal: AbortSignal,
): AsyncGenerator<void> {
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
  signal.addEventListener('abort', tell)
  try {
    do {
      changed = false
      yield
      if (!changed && !signal.aborted)
        await new Promise<void>((resolve) => {
          hear = resolve
        })
    } while (!signal.aborted)
  } finally {
    signal.removeEventListener('abort', tell)
    clearTimeout(settle)
    await watch.close()
  }
}
