import { setTimeout as sleep } from 'node:timers/promises'
import { dropPrompt, peekPrompt, type QueuedPrompt, takePrompt } from '../../store/prompts.ts'
import type { Store } from '../../store/store.ts'

interface SentDeps {
  session: string
  store: Store
  /** Says it to the agent; false: not now. */
  say(text: string): Promise<boolean>
  /** It waits at its prompt. */
  isFree(): boolean
}

/** How long an agent gets to tell of a prompt that it was given, in ms. */
const untilTold = 5000
/** How often somebody who types in its window is waited for, in ms. */
const every = 2000

/** What a session's agent was sent from elsewhere: said to it in order, one at a time, and kept until it tells that it was given it. */
export interface SentPrompts {
  /** Says the next one, if there is one and the agent is free. */
  deliver(): Promise<void>
  /** The agent was started with it. */
  startedWith(prompt: QueuedPrompt): void
  /** The agent tells of a prompt. Resolves whether it is the one that it was given: then it is in the store as said. */
  takeTold(text: string): Promise<boolean>
  close(): void
}

export function createSentPrompts({ session, store, say, isFree }: SentDeps): SentPrompts {
  /** What it was given last and did not tell of; `passed`: it has told of another since. */
  let given: QueuedPrompt | undefined
  let passed = false
  let delivering = false
  const closing = new AbortController()
  return {
    async deliver() {
      if (delivering) return
      delivering = true
      try {
        await deliverAll()
      } finally {
        delivering = false
      }
    },
    startedWith(prompt) {
      give(prompt)
    },
    async takeTold(text) {
      const prompt = given
      if (!prompt || words(prompt.text) !== words(text)) {
        passed = true
        return false
      }
      given = undefined
      return (await takePrompt(store, session, prompt.promptId)) !== undefined
    },
    close: () => closing.abort(),
  }

  async function deliverAll(): Promise<void> {
    while (!closing.signal.aborted && isFree()) {
      if (given && !passed && !(await told())) return
      const next = peekPrompt(store, session)
      if (!next || !isFree()) return
      give(next)
      if (!(await say(next.text))) {
        given = undefined
        await pause(every)
      } else if (next.mayBeCommand && next.text.startsWith('/')) {
        // A command of its own is no prompt, and it tells nothing of it.
        given = undefined
        await dropPrompt(store, next.promptId)
      }
    }
  }

  function give(prompt: QueuedPrompt): void {
    given = prompt
    passed = false
  }

  /** What it does not tell of is not said to it again before it has had another turn: it may stand in its line. */
  async function told(): Promise<boolean> {
    for (let waited = 0; waited < untilTold && given && !closing.signal.aborted; waited += 50) await pause(50)
    return given === undefined
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closing.signal }).catch((error: unknown) => {
      if (!closing.signal.aborted) throw error
    })
  }
}

/** What is told of a prompt may have other blanks. */
function words(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
