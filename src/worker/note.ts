import type { Terminal } from '../terminal/terminal.ts'
import { wrapWords } from '../text/plain-text.ts'
import type { Style } from '../text/style.ts'

interface NoteDeps {
  style: Style
  /** How wide the terminal is now. */
  columns(): number
}

/** Says lines of our own: dim, and broken at blanks where the terminal would break words. */
export function createNote(
  { style, columns }: NoteDeps,
  terminal: Pick<Terminal, 'say'>,
): (line: string) => void {
  return (line) => {
    const lines = wrapWords(line, Math.max(20, columns() - 1))
    terminal.say(lines.map(style.dim).join('\n'))
  }
}
