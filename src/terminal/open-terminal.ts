import { openLineTerminal } from './line-terminal.ts'

/**
 * What opens the terminal of this environment: with a line editor, or line by line and without any escape sequence where it
 * is dumb. Few terminals are: what reads from those is loaded for them alone.
 */
export async function terminalOpener({ TERM }: NodeJS.ProcessEnv): Promise<typeof openLineTerminal> {
  if ((TERM || 'dumb') !== 'dumb') return openLineTerminal
  return (await import('./plain-terminal.ts')).openPlainTerminal
}
