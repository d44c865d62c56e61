import { wrapWords } from './text.ts'
import { isYes } from './yes.ts'

/** A line of what would run, for people; `text` is revealed: safe to write to a terminal, and hides nothing. */
export interface ShownLine {
  kind: 'text' | 'add' | 'remove' | 'hunk' | 'note'
  text: string
}

/** One use of a tool as a person is asked about it. */
export interface Asked {
  /** The model's id of the use. */
  use: string
  tool: string
  lines: readonly ShownLine[]
  /** What `t` would trust. */
  trust: string
}

/** What a person answers. Words with a no are for the model. */
export type Verdict = { type: 'approve' } | { type: 'trust' } | { type: 'decline'; text: string }

/** The question, in lines for a terminal of so many columns; the answer is typed behind the last one. */
export function questionText(trust: string, columns: number): string {
  const words = `Allow this action? Use 't' to trust ${trust}, for this session. [y/n/t]:`
  // Behind the last word stand a blank and the answer.
  return `${wrapWords(words, Math.max(20, columns - 3)).join('\n')} `
}

/** What was typed at the question: whatever is not a yes declines. */
export function readVerdict(line: string): Verdict {
  const answer = line.trim()
  if (/^t$/i.test(answer)) return { type: 'trust' }
  if (isYes(answer)) return { type: 'approve' }
  return { type: 'decline', text: /^no?$/i.test(answer) ? '' : answer }
}
