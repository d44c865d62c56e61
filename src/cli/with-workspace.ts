import { tell } from '../domain/print.ts'
import { findPlace, type Place } from '../root/place.ts'
import { openPlaceStore } from '../root/store.ts'
import { makeWorkspace } from '../root/workspace.ts'
import type { Workspace } from '../sessions/context.ts'
import type { GlobalArgs } from './arguments.ts'

/** Opens the workspace that the flags name, runs a verb on it and closes the store again. */
export async function withWorkspace<T>(
  args: GlobalArgs,
  verb: (workspace: Workspace, place: Place) => Promise<T>,
): Promise<T> {
  const place = await findPlace({ workspace: args.workspace, socket: args.socket }, process.env)
  const store = await openPlaceStore(place, (line) => tell(line))
  try {
    return await verb(makeWorkspace(place, store), place)
  } finally {
    store.close()
  }
}
