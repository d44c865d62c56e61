import { UserError } from '../../base/errors.ts'
import { NoTmux, TmuxError } from '../../tmux/door.ts'
import { type Member, readMembers, readView, type TmuxView } from '../../tmux/tmux-view.ts'
import { requireGone } from './tmux-server.ts'
import type { Workspace } from './workspace-context.ts'

type Finding = Pick<Workspace, 'tmux' | 'name' | 'paths' | 'processes' | 'tmuxOn'>

/**
 * The tmux session of the workspace, whatever it is called now; undefined: it does not run.
 * @throws UnreachableServer when its server lives and does not answer
 */
export async function findRunning(workspace: Finding): Promise<Member | undefined> {
  try {
    const [first] = await readMembers(workspace.tmux, workspace.name)
    return first
  } catch (error) {
    if (!(error instanceof TmuxError && error.noServer)) throw error
    await requireGone(workspace)
    return undefined
  }
}

/** @throws UserError when the workspace does not run */
export async function requireRunning(workspace: Finding): Promise<Member> {
  const found = await findRunning(workspace)
  if (found) return found
  throw new UserError(`the workspace ${workspace.name} does not run`, { hint: 'start it: q mux' })
}

/** The workspace in tmux; undefined when no server answers, or there is no tmux. */
export async function viewRunning({
  tmux,
  name,
}: Pick<Workspace, 'tmux' | 'name'>): Promise<TmuxView | undefined> {
  try {
    return await readView(tmux, name)
  } catch (error) {
    if (error instanceof NoTmux) return undefined
    if (error instanceof TmuxError && (error.noServer || error.notThere)) return undefined
    throw error
  }
}
