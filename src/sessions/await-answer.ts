import { typedPart } from '../domain/attachment.ts'
import { isPrompt, type StoredMessage, textOf } from '../domain/message.ts'
import type { Session } from '../domain/session.ts'
import { readMessagesFrom } from '../store/messages.ts'
import { getSession } from '../store/sessions.ts'
import { statesOf } from './wait-for-sessions.ts'
import { watchChanges } from './watch-changes.ts'
import type { Workspace } from './workspace/workspace-context.ts'

export type Answered =
  | { type: 'answered'; text: string }
  /** `detail`: what went wrong, in words. */
  | { type: 'failed'; detail: string }

interface AwaitAnswer {
  session: Session
  prompt: string
  /** The place of the last message before the prompt was sent. */
  after: number
  /** Called once for each question that somebody has to answer first. */
  asked(detail: string): void
  signal: AbortSignal
}

/** Waits until a prompt that was sent is answered, whatever is queued before and behind it; undefined: the signal fired first. */
export async function awaitAnswer(
  workspace: Workspace,
  { session, prompt, after, asked, signal }: AwaitAnswer,
): Promise<Answered | undefined> {
  let question = ''
  for await (const _ of watchChanges(workspace, signal)) {
    const [now] = await statesOf(workspace, [session])
    const exchange = exchangeOf(readMessagesFrom(workspace.store, session.id, after + 1), prompt)
    const isOver = exchange !== undefined && (exchange.isFollowed || isSettled(now?.state))
    if (isOver) return outcome(exchange.answer, exchange.isFollowed ? undefined : now?.state, detailOf())
    if (exchange === undefined && now?.state === 'done') return { type: 'failed', detail: 'it is closed' }
    if (now?.state === 'approval' && question !== detailOf()) {
      question = detailOf()
      asked(question)
    }
  }
  return undefined

  function detailOf(): string {
    return getSession(workspace.store, session.id)?.detail ?? ''
  }
}

function isSettled(state: string | undefined): boolean {
  return state === 'input' || state === 'error' || state === 'done'
}

function outcome(answer: string, state: string | undefined, detail: string): Answered {
  if (state === 'error' || state === 'done') return { type: 'failed', detail: detail || 'its program ended' }
  return { type: 'answered', text: answer }
}

/** What was said to a prompt, and whether another prompt stands behind it; undefined: it was not taken yet. */
function exchangeOf(
  messages: readonly StoredMessage[],
  prompt: string,
): { answer: string; isFollowed: boolean } | undefined {
  const at = messages.findIndex((message) => isPrompt(message) && typedPart(message).text === prompt)
  if (at === -1) return undefined
  const behind = messages.slice(at + 1)
  const next = behind.findIndex(isPrompt)
  const answers = (next === -1 ? behind : behind.slice(0, next)).filter(({ role }) => role === 'assistant')
  const texts = answers.map(textOf).filter((text) => text.trim() !== '')
  return { answer: texts.join('\n\n'), isFollowed: next !== -1 }
}
