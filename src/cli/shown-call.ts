import type { Asked, ShownLine, Verdict } from '../domain/approval.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { Style } from '../domain/style.ts'
import { paintCall } from '../tools/reveal.ts'

/** A question's call as its session's window shows it, line for line. */
export function shownCall({ tool, lines }: Asked, style: Style): string[] {
  return paintCall(sanitize(tool), safeLines(lines), style)
}

/** They are revealed already, which this does not change; but a database is a file that others can write. */
export function safeLines(lines: readonly ShownLine[]): ShownLine[] {
  return lines.map(({ kind, text }) => ({ kind, text: sanitize(text) }))
}

/** What was answered. */
export function verdictWords(verdict: Verdict): string {
  if (verdict.type === 'decline') return 'declined'
  return verdict.type === 'trust' ? 'approved, and trusted there from now on' : 'approved'
}
