import { familiarWords } from './data/familiar-words.ts'

/** How common a word is in spoken English: 0 for the commonest, `unfamiliar` for one that is hardly ever said. */
export function familiarity(word: string): number {
  return tierOf.get(word) ?? unfamiliar
}

export const unfamiliar = familiarWords.length

const tierOf = new Map(
  familiarWords.flatMap((words, tier) => words.split(' ').map((word) => [word, tier] as const)),
)
