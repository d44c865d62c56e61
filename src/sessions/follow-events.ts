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
  let place = after
  for await (const _ of watchChanges(workspace, signal)) {
    for (let events = read(); events.length > 0 && !signal.aborted; events = read()) {
      place = events.at(-1)?.seq ?? place
      yield events
    }
  }

  function read(): StoredEvent[] {
    return readEvents(workspace.store, workspace.name, place, page)
  }
}
