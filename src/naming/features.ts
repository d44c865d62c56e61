import { stemmer } from 'stemmer'
import { familiarity } from './familiarity.ts'
import type { Token } from './name-tokens.ts'

/** A word that may become part of a name. */
export interface Candidate {
  readonly text: string
  readonly stem: string
  /** What is known about it; each feature has a weight in the table. */
  readonly features: readonly string[]
}

/** The words of a sentence that may carry its name, each once, with what can be said about them. */
export function candidatesOf(tokens: readonly Token[]): Candidate[] {
  const content = tokens.flatMap((token, index) => (mayName(token) ? [index] : []))
  const stems = content.map((index) => stemmer(textAt(tokens, index)))
  const seen = new Map<string, Candidate>()
  content.forEach((index, rank) => {
    const stem = stems[rank] ?? ''
    if (seen.has(stem)) return
    const features = [
      ...place(rank, content.length),
      ...shape(tokens[index] as Token),
      `before:${before(tokens[index - 1])}`,
      ...meaning(textAt(tokens, index), stem, rank),
    ]
    if (stems.indexOf(stem, rank + 1) >= 0) features.push('repeated')
    seen.set(stem, { text: textAt(tokens, index), stem, features })
  })
  return [...seen.values()]
}

function mayName(token: Token): boolean {
  return !token.grammar && token.text.length > 1 && token.text.length < 40
}

function place(rank: number, count: number): string[] {
  const fromEnd = count - 1 - rank
  return [
    `from-start:${Math.min(rank, 8)}`,
    `from-end:${Math.min(fromEnd, 5)}`,
    `count:${Math.min(count, 14)}`,
    `place:${Math.floor((4 * rank) / count)}/${count < 5 ? 'short' : count < 9 ? 'middle' : 'long'}`,
  ]
}

function shape({ written, text, marks }: Token): string[] {
  const features = [...marks].map((mark) => `mark:${mark}`)
  if (marks.size === 0) features.push('mark:none')
  features.push(`length:${Math.min(text.length, 12)}`)
  if (/^\d+$/.test(text)) features.push('written:number')
  else if (/\d/.test(text)) features.push('written:with-digit')
  if (/^[A-Z][A-Z0-9]+s?$/.test(written)) features.push('written:capitals')
  else if (/^[A-Z]/.test(written)) features.push('written:capitalised')
  return features
}

function before(token: Token | undefined): string {
  if (!token) return 'start'
  if (token.marks.has('pause')) return 'pause'
  return token.grammar ? token.text : 'word'
}

const endings =
  /(?:ing|ed|s|ly|tion|sion|ment|ness|er|or|able|ible|ive|al|ic|ity|ize|ate|ify|ful|less|ance|ence|age|ure|y|e)$/

function meaning(text: string, stem: string, rank: number): string[] {
  const ending = text.match(endings)?.[0] ?? 'none'
  const features = [`ending:${ending}`, `familiar:${familiarity(text)}`, `stem:${stem}`]
  return rank === 0 ? [...features, ...features.map((feature) => `first/${feature}`)] : features
}

function textAt(tokens: readonly Token[], index: number): string {
  return tokens[index]?.text ?? ''
}
