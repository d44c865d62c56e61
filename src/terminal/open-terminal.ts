import type { ReadStream, WriteStream } from 'node:tty'
import { openLineTerminal } from './line-terminal.ts'
import { openPlainTerminal } from './plain-terminal.ts'
import type { Terminal, TerminalEvents, TerminalOptions } from './terminal.ts'

/** Opens the terminal: with a line editor, or line by line and without any escape sequence where it is dumb. */
export function openTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  events: TerminalEvents,
  options: TerminalOptions,
): Terminal {
  const open = (options.env.TERM || 'dumb') === 'dumb' ? openPlainTerminal : openLineTerminal
  return open(stdin, stdout, events, options)
}
