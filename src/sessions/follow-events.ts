import { readEvents, type StoredEvent } from '../store/events.ts'
import { watchChanges } from './watch-changes.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** So many are read at once. */
const page = 500

/** What happens in a workspace, behind a place, as it happens; until the signal fires, over its stops and starts. */
export async function* followEvents(
  workspace: Workspace,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent[]> {
  const changes = await watchChanges(workspace)
  let place = after
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  try {
    while (!signal.aborted) {
      const events = readEvents(workspace.store, workspace.name, place, page)
      place = events.at(-1)?.seq ?? place
      if (events.length > 0) yield events
      else await Promise.race([changes.next(), aborted])
    }
  } finally {
    await changes.close()
  }
}
