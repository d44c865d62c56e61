/** A word that may go into a name, with how likely a person would have taken it. */
export interface WordChoice {
  readonly text: string
  /** The same word with fewer letters, to be taken where the longer one leaves no room. */
  readonly short: string
  readonly probability: number
}

/**
 * The words, in the order given, whose name would have the most in common with the one that a person would
 * have chosen, joined by hyphens; undefined when none of them fits.
 */
export function chooseWords(words: readonly WordChoice[], maxLength: number): string | undefined {
  const likely = words
    .flatMap(({ short }, index) => (short.length <= maxLength ? [index] : []))
    .sort((a, b) => chance(words, b) - chance(words, a))
  let best: Draft | undefined
  let bestWorth = 0
  const extend = (name: Draft, from: number) => {
    const worth = worthOf(name)
    if (worth > bestWorth) {
      best = name
      bestWorth = worth
    }
    if (name.forms.size === maxWords) return
    for (let next = from; next < Math.min(likely.length, maxCandidates); next++) {
      const index = likely[next] as number
      for (const longer of withWord(name, index, words[index] as WordChoice, maxLength))
        extend(longer, next + 1)
    }
  }
  extend({ forms: new Map(), length: -1, hits: 0, noHit: 1, oneHit: 0, shortened: 0 }, 0)
  return (
    best &&
    [...best.forms]
      .sort(([a], [b]) => a - b)
      .map(([, form]) => form)
      .join('-')
  )
}

/** Beyond these the search would only cost time. */
const maxWords = 5
const maxCandidates = 12

/** How many words a person's name has. */
const usualWords = 3

/** What a name gains for having any word, or two, in common with the person's, beside the share of words. */
const gain = { one: 0.6, two: 0.4 }

/** What a word in its shorter form loses: less than a further word is ever worth. */
const shortening = 0.004

interface Draft {
  /** Index among the words, with the form taken. */
  readonly forms: ReadonlyMap<number, string>
  readonly length: number
  /** Expected number of words in common. */
  readonly hits: number
  /** Probability that no word, or exactly one, is in common. */
  readonly noHit: number
  readonly oneHit: number
  readonly shortened: number
}

function withWord(name: Draft, index: number, word: WordChoice, maxLength: number): Draft[] {
  const forms = word.short === word.text ? [word.text] : [word.text, word.short]
  return forms.flatMap((form) => {
    const length = name.length + 1 + form.length
    if (length > maxLength) return []
    const p = word.probability
    return {
      forms: new Map(name.forms).set(index, form),
      length,
      hits: name.hits + p,
      noHit: name.noHit * (1 - p),
      oneHit: name.oneHit * (1 - p) + name.noHit * p,
      shortened: name.shortened + (form === word.text ? 0 : shortening),
    }
  })
}

/** Expected F1 against a name of the usual number of words, with the gains. */
function worthOf({ forms, hits, noHit, oneHit, shortened }: Draft): number {
  if (forms.size === 0) return 0
  const f1 = (2 * hits) / (forms.size + usualWords)
  return f1 + gain.one * (1 - noHit) + gain.two * (1 - noHit - oneHit) - shortened
}

function chance(words: readonly WordChoice[], index: number): number {
  return words[index]?.probability ?? 0
}
