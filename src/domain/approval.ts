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

export function questionText(trust: string): string {
  return `Allow this action? Use 't' to trust ${trust}, for this session. [y/n/t]: `
}

/** What was typed at the question: whatever is not a yes declines. */
export function readVerdict(line: string): Verdict {
  const answer = line.trim()
  if (/^t$/i.test(answer)) return { type: 'trust' }
  if (isYes(answer)) return { type: 'approve' }
  return { type: 'decline', text: /^no?$/i.test(answer) ? '' : answer }
}
