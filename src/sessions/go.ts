import { UserError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import { target } from '../tmux/windows.ts'
import type { Workspace } from './context.ts'
import { openWindow } from './open.ts'
import { exists } from './start.ts'

/** Shows a session in the workspace, bringing it back when it has no window or no worker. */
export async function goToSession(workspace: Workspace, session: Session): Promise<void> {
  await requireRunning(workspace)
  const window = await openWindow(workspace, session)
  await workspace.tmux.run(['select-window', '-t', target(workspace.name, window)])
}

/** The session that waits longest, as the key `a` goes there. Returns false when none waits. */
export async function goToNextWaiting(workspace: Workspace): Promise<boolean> {
  await requireRunning(workspace)
  const [next, jumped, here] = await read(workspace, '#{@q_next}|#{@q_jumped}|#{window_id}')
  if (!isWindow(next)) return false
  const session = target(workspace.name)
  await workspace.tmux.run(
    ...(jumped === here ? [] : [['set-option', '-t', session, '@q_back', here ?? '']]),
    ['set-option', '-t', session, '@q_jumped', next],
    ['select-window', '-t', target(workspace.name, next)],
  )
  return true
}

/** Where the user was before jumping, as the key `A` goes there. */
export async function goBack(workspace: Workspace): Promise<void> {
  await requireRunning(workspace)
  const [back, here] = await read(workspace, '#{@q_back}|#{window_id}')
  if (!isWindow(back) || back === here) {
    await workspace.tmux.run(['last-window', '-t', target(workspace.name)]).catch(() => {
      throw new UserError('there is nowhere to go back to')
    })
    return
  }
  await workspace.tmux.run(
    ['select-window', '-t', target(workspace.name, back)],
    ['set-option', '-t', target(workspace.name), '@q_back', here ?? ''],
  )
}

async function requireRunning(workspace: Workspace): Promise<void> {
  if (await exists(workspace)) return
  throw new UserError(`the workspace ${workspace.name} does not run`, { hint: 'start it: q mux' })
}

async function read(workspace: Workspace, format: string): Promise<string[]> {
  return (await workspace.tmux.run(['display-message', '-p', '-t', target(workspace.name), format])).split(
    '|',
  )
}

function isWindow(id: string | undefined): id is string {
  return /^@\d+$/.test(id ?? '')
}
