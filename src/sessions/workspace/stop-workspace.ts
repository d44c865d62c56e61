import { readAllStatuses } from '../../status/status-files.ts'
import { addWorkspaceEvent } from '../../store/events.ts'
import { TmuxError } from '../../tmux/door.ts'
import { undressWindow } from '../../tmux/open-panes.ts'
import { restoreKeys } from '../../tmux/tmux-keys.ts'
import { readMembers, readWorkspaces } from '../../tmux/tmux-view.ts'
import { exactly, killPane, killSession, readClients, switchClient } from '../../tmux/verbs.ts'
import { findRunning, viewRunning } from './workspace.ts'
import type { Workspace } from './workspace-context.ts'

/** How long workers get to save and end after their windows are gone, in ms. */
const timeoutMs = 5000

export interface Stopped {
  wasRunning: boolean
  /** Processes of workers that did not end in time. */
  left: number[]
}

/**
 * Ends the workspace's tmux sessions and its panes elsewhere, and with them workers and controller; its sessions stay open
 * for the next start. Gives the keys back first, and clients that came from another tmux session go back there.
 */
export async function stopWorkspace(workspace: Workspace): Promise<Stopped> {
  const { tmux, name } = workspace
  // Its tmux session may be gone, and panes of it live on in others.
  if (!(await findRunning(workspace)) && ((await viewRunning(workspace))?.panes.length ?? 0) === 0)
    return { wasRunning: false, left: [] }
  const others = (await readWorkspaces(tmux)).filter((other) => other !== name)
  if (others.length === 0) await restoreKeys(tmux, workspace.keyFiles)
  const members = await readMembers(tmux, name)
  for (const { id, name: called } of members) await sendClientsBack(workspace, id, called)
  for (const { id } of members) await killSession(tmux, id)
  // Those that were moved to other tmux sessions, or are linked there.
  const elsewhere = await viewRunning(workspace)
  for (const { id } of elsewhere?.panes ?? []) await killPane(tmux, id)
  for (const window of elsewhere?.windows ?? []) await undressWindow(tmux, window)
  const living = (): number[] => {
    const statuses = [...readAllStatuses(workspace.paths.statusDir).statuses.values()]
    const livenessOf = workspace.processes.livenessAmong(statuses)
    return statuses.filter((status) => livenessOf(status) !== 'gone').map(({ pid }) => pid)
  }
  for (let waited = 0; living().length > 0 && waited < timeoutMs; waited += 20) await workspace.sleep(20)
  await addWorkspaceEvent(workspace.store, name, 'stopped')
  return { wasRunning: true, left: living() }
}

async function sendClientsBack({ tmux }: Workspace, session: string, called: string): Promise<void> {
  for (const { name, last } of await readClients(tmux, session)) {
    if (last === '' || last === called) continue
    await switchClient(tmux, exactly(last), name).catch((error: unknown) => {
      // The session it came from is gone: it is detached like the others.
      if (!(error instanceof TmuxError)) throw error
    })
  }
}
