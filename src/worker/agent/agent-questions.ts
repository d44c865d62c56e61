import type { AgentQuestion } from '../../agents/agent.ts'
import { answeredThere, givenVerdict, putQuestion, takeVerdict } from '../../store/approvals.ts'
import type { Store } from '../../store/store.ts'
import { shownQuestion } from './shown-question.ts'

interface QuestionDeps {
  session: string
  store: Store
  /** The question that is open now, in a line; undefined: none is any more. */
  turned(detail: string | undefined): Promise<void>
}

/** What an agent asks permission for: answered in its own dialog or, through the store, from elsewhere. The first answer counts. */
export interface AgentQuestions {
  ask(question: AgentQuestion): Promise<void>
  /** It was answered in its own window, or nobody needs the answer. */
  settle(id: string): Promise<void>
  /** Somebody changed the store: perhaps it was answered there. */
  look(): Promise<void>
  /** Nothing is asked any more. */
  settleAll(): Promise<void>
  open(): boolean
}

/** Several at a time are shown one after the other: a session has one open question. */
export function createAgentQuestions({ session, store, turned }: QuestionDeps): AgentQuestions {
  const waiting: AgentQuestion[] = []
  let shown: { question: AgentQuestion; id: number } | undefined

  return {
    async ask(question) {
      waiting.push(question)
      if (!shown) await showNext()
    },
    async settle(id) {
      const at = waiting.findIndex((question) => question.id === id)
      if (at !== -1) waiting.splice(at, 1)
      if (shown?.question.id === id) await endShown()
    },
    async look() {
      const verdict = shown && givenVerdict(store, shown.id)
      if (!shown || !verdict) return
      const { question, id } = shown
      // Whoever answered there was faster: the other one is told so.
      if (await question.answer(verdict)) await takeVerdict(store, id)
      else await answeredThere(store, id)
      shown = undefined
      await showNext()
    },
    async settleAll() {
      waiting.length = 0
      if (shown) await endShown()
    },
    open: () => shown !== undefined,
  }

  async function endShown(): Promise<void> {
    const id = shown?.id
    shown = undefined
    if (id !== undefined) await answeredThere(store, id)
    await showNext()
  }

  async function showNext(): Promise<void> {
    const question = waiting.shift()
    if (!question) return turned(undefined)
    const lines = shownQuestion(question.tool, question.input)
    const trust = question.trusts ?? 'nothing more than this call'
    const id = await putQuestion(store, session, { use: question.id, tool: question.tool, lines, trust })
    shown = { question, id }
    await turned(`${question.tool}: ${lines[0]?.text ?? ''}`)
  }
}
