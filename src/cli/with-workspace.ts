import { makeWorkspace } from '../app/make-workspace.ts'
import { openPlaceStore } from '../app/shared-store.ts'
import { findWorkspacePlace, type Place } from '../app/surroundings.ts'
import { findController } from '../sessions/workspace/controller-file.ts'
import { viewRunning } from '../sessions/workspace/workspace.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { tell } from '../text/print.ts'
import type { GlobalArgs } from './arguments.ts'

/** Opens the workspace that the flags name, runs a verb on it and closes the store again. `environment.replaces`: see `findWorkspacePlace`. */
export async function withWorkspace<T>(
  args: GlobalArgs,
  verb: (workspace: Workspace, place: Place) => Promise<T>,
  environment: { replaces?: boolean } = {},
): Promise<T> {
  const selection = { workspace: args.workspace, socket: args.socket }
  const place = await findWorkspacePlace(selection, process.env, environment)
  const store = await openPlaceStore(place, (line) => tell(line))
  try {
    const workspace = makeWorkspace(place, store)
    // Whoever sees the workspace without its controller brings it back.
    if (!findController(workspace) && (await runs(workspace, place))) workspace.startController()
    return await verb(workspace, place)
  } finally {
    store.close()
  }
}

/** A key of the workspace knows where it lies: then nobody has looked for it in tmux yet. */
async function runs(workspace: Workspace, { running }: Place): Promise<boolean> {
  return running || ((await viewRunning(workspace))?.members.length ?? 0) > 0
}
