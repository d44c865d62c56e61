import type { Asked } from '../domain/approval.ts'
import { terminalOpener } from '../terminal/open-terminal.ts'
import { processHost } from '../terminal/process-host.ts'
import type { Answer } from '../terminal/terminal.ts'

/** Asks for permission in this terminal, as the session's window does. */
export async function askHere(asked: Asked): Promise<Answer> {
  const openTerminal = await terminalOpener(process.env)
  const terminal = openTerminal(
    process.stdin,
    process.stdout,
    { interrupt() {}, hangup: () => terminal.cancel(), complete: async () => [[], ''] },
    { env: process.env, host: processHost(true), historyFile: undefined },
  )
  try {
    return await terminal.askPermission(asked)
  } finally {
    terminal.close()
  }
}
