import { letterIn, type Place } from './units.ts'

/**
 * Whether Enter adds a line instead of sending: behind a backslash at the text's end, and inside a ``` fence that was
 * typed and is still open. What was pasted folded does not count: who pastes half a fence can still send it.
 */
export function enterAdds({ units, at }: Place): boolean {
  const typed = units.map((unit) => letterIn(unit) ?? ' ').join('')
  return goesOn(typed, at === units.length)
}

/** The same for a line of a terminal that edits lines itself. */
export function goesOn(text: string, atEnd = true): boolean {
  if (atEnd && /(^|[^\\])(\\\\)*\\$/.test(text)) return true
  const fences = text.match(/^[ \t]*```/gm)?.length ?? 0
  return fences % 2 === 1
}
