import { UserError } from '../../base/errors.ts'
import { listOpen } from '../../store/sessions.ts'
import { TmuxError } from '../../tmux/door.ts'
import { readTmuxSessions, type TmuxSession } from '../../tmux/tmux-view.ts'
import { readWindowNames, renameTmuxSession } from '../../tmux/verbs.ts'
import { findRunning } from './workspace.ts'
import type { Workspace } from './workspace-context.ts'

/** A tmux session that has the workspace's name and that q mux did not make. */
export interface InTheWay {
  /** `$3`. */
  id: string
  /**
   * Open sessions whose names its windows bear: a plugin made it again from what it had saved of the workspace
   * (tmux-resurrect, tmux-continuum). Its windows are plain shells.
   */
  restored: string[]
}

/** What keeps the workspace from being started under its name; undefined where it runs, or can be. */
export async function findInTheWay(workspace: Workspace): Promise<InTheWay | undefined> {
  if (await findRunning(workspace)) return undefined
  return holderIn(workspace, await allSessions(workspace))
}

/**
 * Called before anything is changed for a workspace that may have to be started.
 * @throws UserError where it cannot be
 */
export async function requireStartable(workspace: Workspace): Promise<void> {
  const found = await findInTheWay(workspace)
  if (found) throw refusal(workspace, found)
}

/**
 * What tmux is to call the workspace: its own name, or `work-2` where another workspace was renamed to that. A tmux session
 * that q mux did not make gives its name up only where the user said so (`takeOver`); it is called `q-restored` then,
 * which is returned too, and nothing in it ends.
 * @throws UserError otherwise
 */
export async function clearName(
  workspace: Workspace,
  takeOver: boolean,
): Promise<{ called: string; setAside: string | undefined }> {
  const { name, tmux } = workspace
  const sessions = await allSessions(workspace)
  const found = await holderIn(workspace, sessions)
  if (!found) return { called: freeName(name, sessions), setAside: undefined }
  if (!takeOver) throw refusal(workspace, found)
  const setAside = freeName(`${name}-restored`, sessions)
  await renameTmuxSession(tmux, found.id, setAside)
  return { called: name, setAside }
}

async function holderIn(
  { name, store, tmux }: Workspace,
  sessions: readonly TmuxSession[],
): Promise<InTheWay | undefined> {
  const holder = sessions.find((session) => session.name === name && session.workspace === '')
  if (!holder) return undefined
  const titles = new Set(await readWindowNames(tmux, holder.id))
  const open = listOpen(store, name).map((session) => session.name)
  return { id: holder.id, restored: open.filter((one) => titles.has(one)) }
}

async function allSessions({ tmux }: Workspace): Promise<TmuxSession[]> {
  try {
    return await readTmuxSessions(tmux)
  } catch (error) {
    if (error instanceof TmuxError && error.noServer) return []
    throw error
  }
}

function freeName(wanted: string, sessions: readonly TmuxSession[]): string {
  const taken = new Set(sessions.map(({ name }) => name))
  let name = wanted
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`
  return name
}

function refusal({ name }: Workspace, { restored }: InTheWay): UserError {
  const flag = name === 'q' ? '' : ` --workspace ${name}`
  const takeOver = `q mux --take-over${flag} renames it to ${name}-restored and starts the workspace; nothing in it ends`
  if (restored.length === 0)
    return new UserError(`there is a tmux session "${name}" that q mux did not make`, {
      hint: `choose another workspace name: q mux --workspace work. Or: ${takeOver}`,
    })
  return new UserError(
    `there is a tmux session "${name}" that q mux did not make: ${describeRestored(restored)}`,
    { hint: takeOver },
  )
}

/** In words, for an error and a question. */
export function describeRestored(restored: readonly string[]): string {
  const names = restored.slice(0, 3).join(', ') + (restored.length > 3 ? ', …' : '')
  return `it has windows of the names of your sessions (${names}), as a tmux plugin restores them, without what ran in them`
}
