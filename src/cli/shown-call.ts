import type { Asked, Verdict } from '../domain/approval.ts'
import { callRows } from '../terminal/screen/call-rows.ts'
import type { Style } from '../text/style.ts'

/** A question's call as its session's window shows it: in rows where the output has columns, else line for line. */
export function shownCall(asked: Asked, columns: number | undefined, style: Style): string[] {
  return callRows(asked, columns ?? Number.POSITIVE_INFINITY, style).map(({ text }) => text)
}

/** What was answered. */
export function verdictWords(verdict: Verdict): string {
  if (verdict.type === 'decline') return 'declined'
  return verdict.type === 'trust' ? 'approved, and trusted there from now on' : 'approved'
}
