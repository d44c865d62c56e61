import { type Said, wordsSaid } from './candidates.ts'
import { chooseWords, type WordChoice } from './choose-words.ts'
import { familiarity, unfamiliar } from './familiarity.ts'
import { abbreviate, withoutEnding } from './shorten.ts'
import { type Model, shippedModel, weigh } from './weigh.ts'

export interface NameOptions {
  /** The most characters a name may have. */
  readonly maxLength?: number
  /** Whether another open session has this name. */
  readonly taken?: (name: string) => boolean
  readonly model?: Model
}

/**
 * A name for a session from what its user said first: lower-case words joined by hyphens, whole words only,
 * unlike every taken name. Undefined when the messages say nothing that would describe it.
 *
 * Only the first three messages count, the first of them most, so a caller may ask again after each.
 */
export function nameFrom(messages: readonly string[], options: NameOptions = {}): string | undefined {
  const { maxLength = 20, taken = () => false, model = shippedModel } = options
  const choices = distinct(wordsSaid(messages).map((word) => choiceOf(word, model)))
  for (const suffixes of numbered) {
    const words = chooseWords(choices, maxLength - (suffixes[0]?.length ?? 0))
    if (words === undefined) return undefined
    const free = suffixes.find((suffix) => !taken(words + suffix))
    if (free !== undefined) return words + free
  }
  return undefined
}

/** What tells sessions of one name apart, by length: the longer the number, the less room for words. */
const numbered = [[''], numbers(2, 9), numbers(10, 99), numbers(100, 999)]

function numbers(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `-${first + index}`)
}

/** What a word loses, in log-odds, with each sentence and each message before it. */
const later = { sentence: 1.5, message: 2 }

/** What a conversation adds: titles have fewer everyday words beside their subject than talk has. */
const inConversation = { commonest: -0.8, unfamiliar: 0.6, trouble: -1.2 }

/** That something is wrong is what most talks begin with; what it is about tells them apart. */
const trouble = new Set([
  'error',
  'errors',
  'fail',
  'fails',
  'failing',
  'failed',
  'failure',
  'issue',
  'issues',
  'problem',
])

function choiceOf(said: Said, model: Model): WordChoice {
  const word = abbreviate(said.text)
  const distance = later.sentence * said.sentence + later.message * said.message
  const logOdds = weigh(said.features, model) - distance + (said.conversation ? talk(said.text) : 0)
  return { text: word, short: withoutEnding(word), probability: 1 / (1 + Math.exp(-logOdds)) }
}

/** `config` and `configuration` have the same short form; the first of them stays. */
function distinct(choices: readonly WordChoice[]): WordChoice[] {
  return choices.filter(({ short }, index) => choices.findIndex((other) => other.short === short) === index)
}

function talk(word: string): number {
  if (trouble.has(word)) return inConversation.trouble
  const known = familiarity(word)
  return known === 0 ? inConversation.commonest : known === unfamiliar ? inConversation.unfamiliar : 0
}
