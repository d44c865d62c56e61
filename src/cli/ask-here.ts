import { processHost } from '../root/host.ts'
import { openTerminal } from '../terminal/open-terminal.ts'
import type { Answer } from '../terminal/terminal.ts'

/** Asks in this terminal, as a session does: what was typed or pasted before the question is shown answers nothing. */
export async function askHere(question: string): Promise<Answer> {
  const terminal = openTerminal(
    process.stdin,
    process.stdout,
    { interrupt() {}, hangup: () => terminal.cancel(), complete: async () => [[], ''] },
    { env: process.env, host: processHost(true), historyFile: undefined },
  )
  try {
    for (;;) {
      const answer = await terminal.ask(question)
      if (answer.type !== 'line' || answer.text.trim() !== '') return answer
    }
  } finally {
    terminal.close()
  }
}
