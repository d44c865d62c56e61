import type { Style } from '../domain/style.ts'
import { wrapWords } from '../domain/text.ts'

/** A line of our own, dim, and broken at blanks where the terminal would break words. */
export function noteText(line: string, style: Style, columns: number): string {
  return wrapWords(line, Math.max(20, columns - 1))
    .map(style.dim)
    .join('\n')
}
