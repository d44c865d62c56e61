import { join } from 'node:path'
import { fields, processId, text } from '../../base/checked-json.ts'
import { UserError } from '../../base/errors.ts'
import { readOwn, writeOwn } from '../../config/paths/own-file.ts'
import type { ProcessId } from '../../domain/session.ts'
import { TmuxError } from '../../tmux/door.ts'
import { readView } from '../../tmux/tmux-view.ts'
import { serverOf } from '../../tmux/verbs.ts'
import type { Workspace } from './workspace-context.ts'

/** The tmux server that a workspace was started on. */
interface Server extends ProcessId {
  /** Path of its socket. */
  socket: string
}

/** The server's process lives, and nobody can talk to it: whether the workspace runs is unknown. */
export class UnreachableServer extends UserError {}

/** Remembers the server that the workspace is on, to tell it from another one, and from one that cannot be reached. */
export async function rememberServer({
  tmux,
  paths,
  processes,
}: Pick<Workspace, 'tmux' | 'paths' | 'processes'>): Promise<void> {
  const { pid, socket } = await serverOf(tmux)
  const server: Server = { ...processes.processOf(pid), socket }
  writeOwn(serverFile(paths), JSON.stringify(server))
}

/**
 * Called where the workspace is not found: refuses when it lives all the same, on another server or out of reach.
 * @throws UnreachableServer, or UserError when it runs elsewhere
 */
export async function requireGone(
  workspace: Pick<Workspace, 'paths' | 'name' | 'processes' | 'tmuxOn'>,
): Promise<void> {
  const server = readServer(workspace.paths)
  if (!server || workspace.processes.livenessOf(server) === 'gone') return
  try {
    const { members, panes } = await readView(workspace.tmuxOn(server.socket), workspace.name)
    if (members.length + panes.length === 0) return
  } catch (error) {
    if (!(error instanceof TmuxError)) throw error
    if (!error.noServer) return
    throw new UnreachableServer(
      `the tmux server of the workspace ${workspace.name}, process ${server.pid}, lives, but its socket ${server.socket} does not answer`,
      { hint: `have it make its socket again: kill -USR1 ${server.pid}` },
    )
  }
  throw new UserError(`the workspace ${workspace.name} runs on another tmux server, ${server.socket}`, {
    hint: `go there: q mux --socket ${server.socket}, or start another one: q mux --workspace NAME`,
  })
}

function readServer(paths: Workspace['paths']): Server | undefined {
  const lost = 'which tmux server the workspace was started on is not known'
  return readOwn(serverFile(paths), fields<Server>({ pid: processId, startTime: text, socket: text }), lost)
}

/** Where it stands which tmux server the workspace is on. */
export function serverFile(paths: Workspace['paths']): string {
  return join(paths.runtimeDir, 'tmux.json')
}
