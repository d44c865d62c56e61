import type { Asked } from '../domain/approval.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { Style } from '../domain/style.ts'
import { paintCall } from '../tools/reveal.ts'

/** A question's call as its session's window shows it, line for line. */
export function shownCall({ tool, lines }: Asked, style: Style): string[] {
  // They are revealed already, which this does not change; a database is a file that others can write.
  const safe = lines.map(({ kind, text }) => ({ kind, text: sanitize(text) }))
  return paintCall(sanitize(tool), safe, style)
}
