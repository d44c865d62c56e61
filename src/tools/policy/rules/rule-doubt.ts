import { readLine, simpleWords } from '../shell/shell-words.ts'
import { type Unsafe, unsafeWords } from '../shell/unsafe-options.ts'
import type { Claim } from '../tool-claim.ts'
import type { Rule } from './rules.ts'

/**
 * A word of a line that an allow rule covers by a `*` only, although it writes or runs something, or is not known to only
 * read. undefined: there is none, the rule names all of them, or nothing is known of the program.
 */
export function ruleDoubt({ command, pattern }: Rule, claim: Claim): Unsafe | undefined {
  if (claim.type !== 'command' || !command || command.spells === 'line') return undefined
  const named = readLine(pattern ?? '')
    .filter((token) => token.type === 'word')
    .slice(1)
  return unsafeWords(simpleWords(claim.command) ?? []).find(({ word, name }) => {
    const at = named.findIndex(({ text, stars: [star] }) => {
      return star === undefined ? text === word || text === name : text.slice(0, star).startsWith(`${name}=`)
    })
    // Each word of a rule stands for one word of the line.
    if (at >= 0) named.splice(at, 1)
    return at < 0
  })
}
