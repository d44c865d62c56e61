import { describeError, type UserError } from '../base/errors.ts'
import { oneLine } from '../text/plain-text.ts'
import { sanitize } from '../text/sanitizer.ts'
import type { Style } from '../text/style.ts'

/** What is said in a session beside its conversation. Before its worker is up, and after it, nobody hears it. */
export interface Voice {
  say(line: string): void
  /** Of something that goes wrong while the session goes on; `words` are untrusted. */
  complain(words: string): void
  /** Of settings that cannot be taken. */
  complainOfSettings(error: UserError): void
  /** Work that nobody waits for: what goes wrong in it is said. */
  beside(work: Promise<unknown>): void
  /** From now on `speak` says it. */
  begin(speak: (line: string) => void): void
  end(): void
}

export function createVoice(style: Style): Voice {
  let speak: ((line: string) => void) | undefined
  const say = (line: string): void => speak?.(line)
  const complain = (words: string): void => say(style.red(sanitize(words)))
  return {
    say,
    complain,
    complainOfSettings({ message, hint }) {
      complain(message)
      const next = hint ? `${sanitize(hint)} ` : ''
      say(style.dim(`  ${next}Until then the settings from before stay in force.`))
    },
    beside(work) {
      void work.catch((error: unknown) => say(style.dim(`(${oneLine(describeError(error))})`)))
    },
    begin(first) {
      speak = first
    },
    end() {
      speak = undefined
    },
  }
}
