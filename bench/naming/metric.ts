import { stemmer } from 'stemmer'
import { functionWords } from './function-words.ts'

/** How well names agree with those that people gave, averaged over all. */
export interface Agreement {
  /** Share of names with at least one word in common: "descriptive". */
  readonly one: number
  /** Share of names with at least two words in common. */
  readonly two: number
  /** Mean F1 of the words. */
  readonly f1: number
}

export function agreement(pairs: readonly { ours: string; theirs: string }[]): Agreement {
  let one = 0
  let two = 0
  let f1 = 0
  for (const { ours, theirs } of pairs) {
    const mine = namingStems(ours)
    const person = namingStems(theirs)
    const common = [...mine].filter((stem) => person.has(stem)).length
    if (common >= 1) one += 1
    if (common >= 2) two += 1
    if (common > 0) f1 += (2 * common) / (mine.size + person.size)
  }
  return { one: one / pairs.length, two: two / pairs.length, f1: f1 / pairs.length }
}

/** The words that count: lower case, stemmed (Porter), without `fix`, `add`, `update` and function words. */
export function namingStems(name: string): Set<string> {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  return new Set(
    words
      .filter((word) => word && !functionWords.has(word))
      .map((word) => stemmer(word))
      .filter((stem) => !uncounted.has(stem)),
  )
}

const uncounted = new Set(['fix', 'add', 'update'].map((word) => stemmer(word)))
