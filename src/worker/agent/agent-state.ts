import type { Told } from '../../agents/agent.ts'
import type { Block } from '../../domain/message.ts'
import type { Session } from '../../domain/session.ts'
import { leftAs } from '../../sessions/workspace/asleep.ts'
import { recordEvent } from '../../store/events.ts'
import { appendMessage } from '../../store/messages.ts'
import { getSession, setAgentConversation } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import type { Reporter } from '../status/reporter.ts'
import { createAgentQuestions } from './agent-questions.ts'
import { shownQuestion } from './shown-question.ts'

interface AgentStateDeps {
  session: Session
  store: Store
  reporter: Pick<Reporter, 'report'>
  /** Takes what was sent from elsewhere as said, where this is it. Resolves whether it is. */
  takeSent(told: string): Promise<boolean>
  /** A prompt is in the store. */
  prompted(): void
  /** It may be given a prompt now. */
  free(): void
}

/** What a session's agent does, by what it tells: in the status file, and in the store what was said. */
export interface AgentState {
  /** Each is heard to its end before the next. */
  hear(told: Told): Promise<void>
  /** Somebody changed the store. */
  look(): Promise<void>
  /** It is started, again or for the first time. */
  begins(): Promise<void>
  /** It ended; in words. */
  ended(detail: string): Promise<void>
  /** Whether it waits at its prompt. */
  isFree(): boolean
}

export function createAgentState(deps: AgentStateDeps): AgentState {
  const { session, store, reporter } = deps
  let state: 'starting' | 'free' | 'works' | 'asks' | 'asks-there' | 'ended' = 'starting'
  let last: Promise<void> = Promise.resolve()
  const questions = createAgentQuestions({
    session: session.id,
    store,
    async turned(detail) {
      if (detail === undefined) {
        if (state === 'asks') await work('')
        return
      }
      state = 'asks'
      await reporter.report('waiting', { waitingFor: 'approval', detail })
    },
  })

  return {
    hear: (told) => inTurn(() => take(told)),
    look: () => inTurn(questions.look),
    begins: () =>
      inTurn(async () => {
        state = 'starting'
        await reporter.report('starting')
      }),
    ended: (detail) =>
      inTurn(async () => {
        state = 'ended'
        await questions.settleAll()
        await reporter.report('exited', { detail })
      }),
    isFree: () => state === 'free',
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const next = last.then(work)
    // Whoever asked hears what fails; the next one is heard all the same.
    last = next.catch(() => {})
    return next
  }

  async function take(told: Told): Promise<void> {
    if (state === 'ended') return
    switch (told.type) {
      case 'conversation':
        return setAgentConversation(store, session.id, told.id)
      case 'ready':
        return state === 'starting' ? takeUp() : rest('')
      case 'prompt':
        state = 'works'
        if (!(await deps.takeSent(told.text))) await say('user', told.text)
        deps.prompted()
        return work('')
      case 'working':
        return work(told.detail)
      case 'tool':
        return use(told.tool, told.input)
      case 'asks':
        return questions.ask(told.question)
      case 'asks-there':
        state = 'asks-there'
        await questions.settleAll()
        return reporter.report('waiting', { waitingFor: 'approval', detail: told.detail })
      case 'settled':
        return questions.settle(told.question)
      case 'answer':
        await say('assistant', told.text)
        return told.goesOn === undefined ? rest('') : work(told.goesOn)
      case 'interrupted':
        return rest('interrupted')
      case 'failed':
        state = 'free'
        await questions.settleAll()
        await reporter.report('waiting', {
          waitingFor: 'error',
          detail: told.detail,
          ...(told.until === undefined ? {} : { until: told.until }),
        })
        return deps.free()
      case 'rests':
        return state === 'free' ? undefined : state === 'starting' ? takeUp() : rest('interrupted')
      case 'title':
        return
    }
  }

  /** It waits as it did when it was left; one that was cut off waits for a decision. */
  async function takeUp(): Promise<void> {
    const left = leftAs(getSession(store, session.id) ?? session)
    const { waiting: _, ...facts } = left.waiting ? left : { waiting: true, waitingFor: 'input' as const }
    state = 'free'
    await reporter.report('waiting', facts)
    deps.free()
  }

  async function rest(detail: string): Promise<void> {
    state = 'free'
    await questions.settleAll()
    await reporter.report('waiting', { waitingFor: 'input', detail })
    deps.free()
  }

  async function work(detail: string): Promise<void> {
    state = 'works'
    await questions.settleAll()
    await reporter.report('processing', { detail })
  }

  async function use(tool: string, input: unknown): Promise<void> {
    const [line] = shownQuestion(tool, input)
    await store.write(() =>
      recordEvent(store, session.id, 'tool', { tool, input: JSON.stringify(input)?.slice(0, 2000) ?? '' }),
    )
    await work(`${tool}: ${line?.text ?? ''}`)
  }

  async function say(role: 'user' | 'assistant', text: string): Promise<void> {
    if (text.trim() === '') return
    const block: Block = { type: 'text', text }
    await appendMessage(store, session.id, role, [block])
  }
}
