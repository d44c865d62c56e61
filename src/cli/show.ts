import type { Invocation } from '../app/invocation.ts'
import { exitCode, UserError } from '../base/errors.ts'
import { findRunning, requireRunning } from '../sessions/workspace/workspace.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { listOpen } from '../store/sessions.ts'
import { count } from '../text/plain-text.ts'
import { print } from '../text/print.ts'
import { tmuxDoor } from '../tmux/door.ts'
import { readClients, serverOf, switchClient, terminalOf } from '../tmux/verbs.ts'
import { talk } from './talk.ts'

/**
 * Brings the workspace before the user's eyes: inside its tmux server by switching, elsewhere by attaching, which takes
 * the terminal until they detach.
 * @throws UserError without a terminal
 */
export async function showWorkspace(workspace: Workspace, invocation: Invocation): Promise<void> {
  const { id } = await requireRunning(workspace)
  if (await insideServer(workspace, invocation)) {
    if (await switchHere(workspace, invocation, id)) return
    throw new UserError('no terminal is attached to this tmux server', {
      hint: 'attach to it from a terminal: tmux attach',
    })
  }
  requireTerminal()
  await tmuxDoor(invocation.socket, invocation.env).attach(id, (pid) => stopAlong(invocation.processes, pid))
  ;(await talk()).log(await lastWords(workspace, invocation))
}

/** Takes the terminal of whoever typed in a pane of the server to a tmux session there; false: none shows the server. */
async function switchHere({ tmux }: Workspace, { env }: Invocation, session: string): Promise<boolean> {
  const terminal = await terminalOf(tmux, env.TMUX_PANE)
  if (terminal === undefined) return false
  await switchClient(tmux, session, terminal)
  return true
}

/** tmux stops itself with prefix Ctrl-z: then the whole job stops, so that the shell has its terminal back. `fg` goes on. */
function stopAlong(processes: ProcessTable, pid: number): () => void {
  const tmux = processes.processOf(pid)
  const look = (): void => {
    // Looking may take a process, whose end must not be heard as news.
    process.off('SIGCHLD', look)
    const liveness = processes.livenessOf(tmux)
    process.on('SIGCHLD', look)
    if (liveness === 'frozen') process.kill(0, 'SIGTSTP')
  }
  process.on('SIGCHLD', look)
  return () => process.off('SIGCHLD', look)
}

/** Below tmux's own `[detached]` or `[exited]`: whether the sessions go on, and how to come back. */
async function lastWords(workspace: Workspace, invocation: Invocation): Promise<string> {
  const open = listOpen(workspace.store, workspace.name).length
  const sessions = count(open, 'session')
  const back = startCommand(invocation)
  if (await findRunning(workspace))
    return `workspace ${workspace.name} goes on: ${sessions}. Come back: ${back}`
  if (open === 0 || !workspace.settings.sessions.persist_sessions)
    return `workspace ${workspace.name} has ended. Start it again: ${back}`
  return `workspace ${workspace.name} has ended; ${sessions} stay${open === 1 ? 's' : ''} open. Come back: ${back}`
}

/** `q mux`, with the flags that it takes in this shell. */
export function startCommand({ name, socket, env }: Invocation): string {
  const words = ['q mux']
  if (name !== (env.Q_WORKSPACE || 'q')) words.push(`--workspace ${name}`)
  if (socket !== (env.Q_TMUX_SOCKET || undefined)) words.push(`--socket ${socket}`)
  return words.join(' ')
}

/**
 * Shows the session that the workspace was just taken to, or prints what is `said` where there is nothing to do: a terminal
 * that shows the workspace already needs nothing more, and where none shows the server there is none to take along.
 */
export async function showSession(workspace: Workspace, invocation: Invocation, said: string): Promise<void> {
  if (await insideServer(workspace, invocation)) {
    const { id } = await requireRunning(workspace)
    if (!(await switchHere(workspace, invocation, id))) print(said)
    return
  }
  if (!process.stdout.isTTY || (await isWatched(workspace))) {
    print(said)
    return
  }
  if (!invocation.env.TMUX) requireTerminal()
  await showWorkspace(workspace, invocation)
}

/** @throws UserError when stdin or stdout is no terminal: tmux would attach to a file */
export function requireTerminal(
  purpose = 'show the workspace in',
  hint = 'start it without one: q mux --detach, and attach later: q mux',
): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return
  throw new UserError(`there is no terminal here to ${purpose}`, {
    hint,
    exit: exitCode.usage,
  })
}

/** Whether this command runs in a pane of the very tmux server that the workspace is on. */
export async function insideServer(workspace: Workspace, invocation: Invocation): Promise<boolean> {
  const own = invocation.env.TMUX?.split(',')[0]
  if (!own) return false
  return (await serverOf(workspace.tmux)).socket === own
}

/** Whether somebody looks at the workspace already. */
export async function isWatched(workspace: Workspace): Promise<boolean> {
  const { id } = await requireRunning(workspace)
  return (await readClients(workspace.tmux, id)).length > 0
}
