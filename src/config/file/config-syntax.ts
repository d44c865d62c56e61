import type { Problem } from '../checks/config-problems.ts'
import { quote } from './toml-quote.ts'

/** Where and why the TOML parser gave up. `index`: the offset of what it did not expect. */
export interface SyntaxFault {
  line: number
  index: number
  words: string
}

/** The parser's complaint for people, on the line that is to be corrected. */
export function syntaxProblem(text: string, fault: SyntaxFault): Problem {
  const hint = 'Correct the line, or move the file away to go on with the defaults.'
  return { ...locate(text, fault), hint, keys: [] }
}

function locate(text: string, fault: SyntaxFault): Pick<Problem, 'line' | 'words'> {
  const { line, index } = fault
  const name = /^(?:[\w-]+|"[^"\n]*"|'[^'\n]*')/.exec(text.slice(index, index + 200))?.[0]
  if (/multiple times/.test(fault.words) && name !== undefined) {
    return { line, words: `${quote(name.replaceAll(/^["']|["']$/g, ''))} is set twice` }
  }
  const words = `not valid TOML: ${fault.words}`
  // The parser looks for the rest of an unfinished line on the next ones, and blames the first thing it finds there.
  const before = lastContent(text.slice(0, index))
  if (before === undefined || before.line === line) return { line, words }
  if (/^[^#]*=\s*(#.*)?$/.test(before.text))
    return { line: before.line, words: 'not valid TOML: a value is missing' }
  return /on the same line/.test(words) ? { line: before.line, words } : { line, words }
}

/** The last line that holds more than a comment. */
function lastContent(text: string): { line: number; text: string } | undefined {
  const lines = text.split('\n')
  const at = lines.findLastIndex((line) => /^\s*[^\s#]/.test(line))
  return at === -1 ? undefined : { line: at + 1, text: lines[at] ?? '' }
}
