import type { Agent } from './agent.ts'

/** The user's arguments for a start that goes on with a conversation: without those that chose one, or said a first prompt. */
export function laterArguments(
  args: readonly string[],
  { begins, flags }: Pick<Agent, 'begins' | 'flags'>,
): string[] {
  const kept: string[] = []
  /** How many of the words that follow belong to the flag before them. */
  let follow = flags ? 0 : Number.POSITIVE_INFINITY
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    if (flags && word === '--') break
    const [flag = '', ...value] = word.split('=')
    const chosen = Object.hasOwn(begins, flag) ? begins[flag] : undefined
    if (chosen !== undefined) {
      if (value.length === 0) at += chosen === 'perhaps' ? Number(isValue(args[at + 1])) : chosen
    } else if (!isValue(word)) {
      kept.push(word)
      if (flags)
        follow = Object.hasOwn(flags, flag)
          ? Number(flags[flag] === 1 && value.length === 0)
          : Number.POSITIVE_INFINITY
    } else if (follow > 0) {
      kept.push(word)
      follow -= 1
    }
  }
  return kept
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !(word.startsWith('-') && word !== '-')
}
