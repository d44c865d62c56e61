import { type Invocation, readWorkspaceInvocation } from '../app/invocation.ts'
import { makeWorkspace } from '../app/make-workspace.ts'
import { openSharedStore } from '../app/shared-store.ts'
import { findController } from '../sessions/workspace/controller-file.ts'
import { viewRunning } from '../sessions/workspace/workspace.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { tell } from '../text/print.ts'
import type { GlobalArgs } from './arguments.ts'

/** Opens the workspace that the flags name, runs a verb on it and closes the store again. `environment.replaces`: see `readWorkspaceInvocation`. */
export async function withWorkspace<T>(
  args: GlobalArgs,
  verb: (workspace: Workspace, invocation: Invocation) => Promise<T>,
  environment: { replaces?: boolean } = {},
): Promise<T> {
  const selection = { workspace: args.workspace, socket: args.socket }
  const invocation = await readWorkspaceInvocation(selection, process.env, environment)
  const store = await openSharedStore(invocation, (line) => tell(line))
  try {
    const workspace = makeWorkspace(invocation, store)
    // Whoever sees the workspace without its controller brings it back.
    if (!findController(workspace) && (await runs(workspace, invocation))) workspace.startController()
    return await verb(workspace, invocation)
  } finally {
    store.close()
  }
}

/** A key of the workspace knows where it lies: then nobody has looked for it in tmux yet. */
async function runs(workspace: Workspace, { running }: Invocation): Promise<boolean> {
  return running || ((await viewRunning(workspace))?.members.length ?? 0) > 0
}
