import { cellsOf } from '../text/cells.ts'
import { wrapWords } from '../text/plain-text.ts'
import { isYes } from './yes.ts'

/**
 * A line of what would run, for people; `text` is revealed: safe to write to a terminal, and hides nothing. A note is in
 * our own words: it stands below the call, and without a bar.
 */
export interface ShownLine {
  kind: 'text' | 'add' | 'remove' | 'hunk' | 'note'
  text: string
}

/** What a tool would do, or does. */
export interface Call {
  tool: string
  lines: readonly ShownLine[]
}

/** One use of a tool as a person is asked about it. */
export interface Asked extends Call {
  /** The model's id of the use. */
  use: string
  /** What `t` would trust. */
  trust: string
}

/** What a person answers. Words with a no are for the model. */
export type Verdict = { type: 'approve' } | { type: 'trust' } | { type: 'decline'; text: string }

/** What `t` trusts where that is nothing but the command that is shown. */
export const thisCommand = 'this very command line, in this directory'

/** So long the question must have been on the screen before keys answer it, in ms. */
export const permissionDeaf = 400

/** Where the answer is typed. */
export const answerPrompt = '[y/n/t]: '

/**
 * The question in rows for a terminal of so many columns, `answerPrompt` at the end of the last one. undefined: a row
 * would begin with words that are not ours, such as a part of a path; what `t` trusts must be shown otherwise.
 */
export function questionRows(trust: string, columns: number): string[] | undefined {
  const words = `Allow this action? Use 't' to trust ${trust}, for this session. ${answerPrompt.trim()}`
  // Behind the last word stand a blank and the answer.
  const room = columns - 3
  if (room < narrowest || (trust !== thisCommand && cellsOf(words) > room)) return undefined
  return wrapWords(words, room).map((row, at, { length }) => (at < length - 1 ? row : `${row} `))
}

/** The question where what `t` trusts is said above. */
export function shortQuestion(columns: number): string {
  return columns < narrowest ? answerPrompt : `Allow this action? ${answerPrompt}`
}

/** Below so many columns the question is as short as it can be. */
const narrowest = 36

/** What was typed at the question: whatever is not a yes declines. */
export function readVerdict(line: string): Verdict {
  const answer = line.trim()
  if (/^t$/i.test(answer)) return { type: 'trust' }
  if (isYes(answer)) return { type: 'approve' }
  return { type: 'decline', text: /^no?$/i.test(answer) ? '' : answer }
}
