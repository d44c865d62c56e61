import { exitCode, UserError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import { readStatus } from '../status/files.ts'
import { linePath, poke } from '../status/line.ts'
import { livenessOf } from '../status/process.ts'
import { enqueuePrompt } from '../store/prompts.ts'
import type { Workspace } from './context.ts'

/** What became of a prompt that was sent. It is in the store in every case. */
export type Sent =
  | { state: 'started' }
  /** Behind what the session is doing; `place` counts from 1. */
  | { state: 'queued'; place: number }
  /** No worker runs, or it is frozen: the prompt goes when it is back. */
  | { state: 'kept' }

/** The most characters of one prompt. */
const promptLimit = 10_000_000

/**
 * Gives a session its next prompt without going there and without keystrokes: through the store, so that it is neither
 * lost nor cut at a line end. Resolves when it is committed and the worker was told.
 */
export async function sendPrompt(workspace: Workspace, session: Session, text: string): Promise<Sent> {
  if (text.trim() === '')
    throw new UserError('there is nothing to send', {
      hint: 'q mux send NAME TEXT, or - for standard input',
      exit: exitCode.usage,
    })
  if (text.length > promptLimit)
    throw new UserError(`the prompt has ${text.length} characters; the most is ${promptLimit}`, {
      exit: exitCode.usage,
    })
  const before = readStatus(workspace.paths.statusDir, session.id)
  const place = await enqueuePrompt(workspace.store, session.id, text)
  const heard = await poke(linePath(workspace.paths.workersDir, session.id))
  if (!heard || !before?.ok || livenessOf(before.status) !== 'alive') return { state: 'kept' }
  const free = before.status.state === 'waiting' && before.status.waitingFor !== 'approval' && place === 1
  return free ? { state: 'started' } : { state: 'queued', place }
}
