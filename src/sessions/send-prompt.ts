import { setUpAgents } from '../agents/agents.ts'
import { exitCode, UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import { readStatus } from '../status/status-files.ts'
import { wakeWorker, workerLinkPath } from '../status/worker-link.ts'
import { countPrompts, enqueuePrompt } from '../store/prompts.ts'
import { getSession } from '../store/sessions.ts'
import { paneOf, readView } from '../tmux/tmux-view.ts'
import { isTypedAt, typingSeconds } from '../tmux/verbs.ts'
import { openSession } from './open-session.ts'
import { viewRunning } from './workspace/workspace.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** What became of a prompt that was sent. It is in the store in every case. */
export type Sent =
  | { state: 'started' }
  /** Behind what the session is doing; `place` counts from 1. */
  | { state: 'queued'; place: number; why?: string }
  /** No worker runs, or it is frozen: the prompt goes when it is back. */
  | { state: 'kept' }

/** How long a worker that is just being started gets to open its line, in ms. */
const startTimeoutMs = 2000

/** How long another agent's program gets to tell that it was given a prompt, in ms: it may have to start first. */
const agentTimeoutMs = 8000
/** The same where somebody types in its window: some programs take a prompt otherwise than there. */
const typedTimeoutMs = 1000

/** The most characters of one prompt. */
const maxPromptLength = 10_000_000

/**
 * Gives a session its next prompt without going there and without keystrokes: through the store, so that it is neither
 * lost nor cut at a line end. `mayBeCommand`: a slash command in it is done. Resolves when it is committed and the worker was
 * told.
 */
export async function sendPrompt(
  workspace: Workspace,
  session: Session,
  text: string,
  mayBeCommand = false,
): Promise<Sent> {
  if (text.trim() === '')
    throw new UserError('there is nothing to send', {
      hint: 'q mux send NAME TEXT, or - for standard input',
      exit: exitCode.usage,
    })
  if (text.length > maxPromptLength)
    throw new UserError(`the prompt has ${text.length} characters; the most is ${maxPromptLength}`, {
      exit: exitCode.usage,
    })
  requirePrompts(session, workspace.agents)
  const free = isFree(workspace, session.id)
  const place = await enqueuePrompt(workspace.store, session.id, text, mayBeCommand)
  const heard = await reach(workspace, session.id)
  if (!heard) return { state: 'kept' }
  if (session.agent) return given(workspace, session.id, place, free)
  return free && place === 1 ? { state: 'started' } : { state: 'queued', place }
}

/** Another agent's program has started with it once it tells so itself. */
async function given(workspace: Workspace, id: string, place: number, free: boolean): Promise<Sent> {
  const pane = paneOf(await readView(workspace.tmux, workspace.name), id)
  const typed = pane && (await isTypedAt(workspace.tmux, pane.id, typingSeconds, workspace.now()))
  const timeoutMs = !free || place > 1 ? 0 : typed ? typedTimeoutMs : agentTimeoutMs
  for (let waited = 0; waited < timeoutMs; waited += 50) {
    if (countPrompts(workspace.store, id) === 0) return { state: 'started' }
    await workspace.sleep(50)
  }
  return { state: 'queued', place, ...(typed ? { why: 'somebody types in its window' } : {}) }
}

/** @throws UserError for a session that is no conversation: what it was sent would be keys that run something */
export function requirePrompts(
  { name, agent }: Pick<Session, 'name' | 'agent'>,
  settings: Workspace['agents'],
): void {
  const found = setUpAgents(settings).find((one) => one.name === agent?.name)?.agent
  if (!found?.ends) return
  throw new UserError(`${name} takes no prompts: ${found.title.toLowerCase()} runs in it`, {
    hint: `go there: q mux switch ${name}`,
  })
}

/** Whether a prompt would be taken at once: also by a worker that is just being started, or woken. */
function isFree(workspace: Workspace, id: string): boolean {
  const parsed = readStatus(workspace.paths.statusDir, id)
  if (!parsed?.ok) return true
  const { state, waitingFor } = parsed.status
  return state === 'exited' || (state === 'waiting' && waitingFor !== 'approval')
}

/** Tells the worker; one whose window was just opened is waited for. */
async function reach(workspace: Workspace, id: string): Promise<boolean> {
  const path = workerLinkPath(workspace.paths.workersDir, id)
  if (await wakeWorker(path)) return true
  if (!(await wakeUp(workspace, id)) && !(await isStarting(workspace, id))) return false
  for (let waited = 0; waited < startTimeoutMs; waited += 50) {
    await workspace.sleep(50)
    if (await wakeWorker(path)) return true
  }
  return false
}

/** A session that sleeps gets its worker now: it has something to do. Resolves whether it slept. */
async function wakeUp(workspace: Workspace, id: string): Promise<boolean> {
  const view = await viewRunning(workspace)
  const session = getSession(workspace.store, id)
  if (!session || !view || !paneOf(view, id)?.asleep) return false
  await openSession(workspace, session)
  return true
}

async function isStarting(workspace: Workspace, id: string): Promise<boolean> {
  const view = await viewRunning(workspace)
  const pane = view && paneOf(view, id)
  return pane !== undefined && !pane.dead && !readStatus(workspace.paths.statusDir, id)
}
