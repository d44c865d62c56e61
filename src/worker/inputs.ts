import { peekPrompt } from '../store/prompts.ts'
import type { Store } from '../store/store.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Style } from '../text/style.ts'

/** What is to be done next: a line typed here, one given on the command line, a prompt sent from elsewhere, or the end. */
export type Input =
  | { type: 'line'; text: string; pasted?: boolean; onlyPrompt?: boolean }
  /** Never a command. */
  | { type: 'first'; text: string }
  | { type: 'prompt'; text: string; promptId: number; mayBeCommand: boolean }
  | { type: 'leave' }

export interface Inputs {
  /** What was queued goes first; a line that is half typed stays and is there again afterwards. */
  next(): Promise<Input>
  /** What is queued, what the session is called or whether it ends has changed: looks again. */
  wake(): void
}

interface InputDeps {
  store: Store
  /** The id. */
  session: string
  terminal: Pick<Terminal, 'read' | 'suspend' | 'say'>
  style: Style
  promptLine(): string
  /** Whether the session ends, whatever is typed. */
  ended(): boolean
}

export function createInputs({ store, session, terminal, style, promptLine, ended }: InputDeps): Inputs {
  let wake: (() => void) | undefined
  let exitHinted = false
  return { next, wake: () => wake?.() }

  async function next(): Promise<Input> {
    for (;;) {
      if (ended()) return { type: 'leave' }
      const queued = peekPrompt(store, session)
      if (queued) {
        exitHinted = false
        return { type: 'prompt', ...queued }
      }
      const woken = new Promise<'woken'>((resolve) => {
        wake = () => resolve('woken')
      })
      const line = await Promise.race([terminal.read(promptLine()), woken])
      wake = undefined
      if (line === 'woken') {
        terminal.suspend()
        continue
      }
      if (line.type === 'line') {
        exitHinted = false
        if (line.text.trim() !== '') return line
        continue
      }
      if (exitHinted) return { type: 'leave' }
      exitHinted = true
      terminal.say(style.dim('(To exit, press Ctrl+C or Ctrl+D again or type /quit)'))
    }
  }
}
