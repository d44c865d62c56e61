import { readAllStatuses } from '../status/files.ts'
import { livenessOf } from '../status/process.ts'
import { type Tmux, TmuxError } from '../tmux/door.ts'
import { restoreKeys } from '../tmux/keys.ts'
import { target } from '../tmux/windows.ts'
import type { Workspace } from './context.ts'
import { exists } from './start.ts'

/** How long workers get to save and end after their windows are gone, in ms. */
const patience = 5000

export interface Stopped {
  wasRunning: boolean
  /** Processes of workers that did not end in time. */
  left: number[]
}

/**
 * Ends the workspace's tmux session and with it workers and controller; sessions stay open for the next start. Gives
 * the keys back first, and clients that came from another tmux session go back there.
 */
export async function stopWorkspace(workspace: Workspace): Promise<Stopped> {
  if (!(await exists(workspace))) return { wasRunning: false, left: [] }
  if (!(await otherWorkspaces(workspace.tmux, workspace.name)))
    await restoreKeys(workspace.tmux, workspace.keyFiles)
  await sendClientsBack(workspace)
  await workspace.tmux.run(['kill-session', '-t', `=${workspace.name}`])
  const living = (): number[] =>
    [...readAllStatuses(workspace.paths.statusDir).statuses.values()]
      .filter((status) => livenessOf(status) !== 'gone')
      .map((status) => status.pid)
  for (let waited = 0; living().length > 0 && waited < patience; waited += 20) await workspace.sleep(20)
  return { wasRunning: true, left: living() }
}

/** Whether another workspace runs on the same tmux server, and with it needs the keys. */
export async function otherWorkspaces(tmux: Tmux, name: string): Promise<boolean> {
  const sessions = await tmux.run(['list-sessions', '-F', '#{session_name}|#{@q_workspace}'])
  return sessions.split('\n').some((line) => !line.endsWith('|') && !line.startsWith(`${name}|`))
}

async function sendClientsBack({ tmux, name }: Workspace): Promise<void> {
  const clients = await tmux.run([
    'list-clients',
    '-t',
    target(name),
    '-F',
    '#{client_control_mode}|#{client_last_session}|#{client_name}',
  ])
  for (const line of clients.split('\n')) {
    const [control, last, ...client] = line.split('|')
    if (control !== '0' || !last || last === name) continue
    await tmux.run(['switch-client', '-c', client.join('|'), '-t', `=${last}`]).catch((error: unknown) => {
      // The session it came from is gone: it is detached like the others.
      if (!(error instanceof TmuxError)) throw error
    })
  }
}
