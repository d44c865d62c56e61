import type { Session } from '../../domain/session.ts'
import { NoTmux } from '../../tmux/door.ts'
import { findController } from '../workspace/controller-file.ts'
import { UnreachableServer } from '../workspace/tmux-server.ts'
import { findRunning } from '../workspace/workspace.ts'
import type { Workspace } from '../workspace/workspace-context.ts'
import { type SessionView, viewSessions } from './session-view.ts'

/** The object of `q mux list --json`. */
export interface WorkspaceDescription {
  workspace: string
  /** null: unknown, because its tmux server lives and does not answer, or there is no tmux. */
  running: boolean | null
  controller: { pid: number } | null
  sessions: SessionView[]
}

/** With those of its sessions that are open, unless others are wanted. */
export async function describeWorkspace(
  workspace: Workspace,
  sessions?: readonly Session[],
): Promise<WorkspaceDescription> {
  const controller = findController(workspace)
  return {
    workspace: workspace.name,
    running: await runs(workspace),
    controller: controller ? { pid: controller.pid } : null,
    sessions: await viewSessions(workspace, sessions),
  }
}

async function runs(workspace: Workspace): Promise<boolean | null> {
  try {
    return (await findRunning(workspace)) !== undefined
  } catch (error) {
    if (error instanceof UnreachableServer || error instanceof NoTmux) return null
    throw error
  }
}
