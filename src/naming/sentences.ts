import { openers, requests } from './data/openers.ts'
import { linesByKind } from './lines-by-kind.ts'
import { inWords, plain } from './plain.ts'

/** The first sentences of a message that say what it is about, openers and politeness taken off. */
export function sentencesOf(message: string): string[] {
  const { prose, errors, code } = linesByKind(plain(message))
  const said = telling([...prose.flatMap(split).map(withoutOpeners), ...errors.slice(0, 2)])
  return (said.length > 0 ? said : telling(code)).slice(0, maxSentences)
}

/** A message from where its user comes to the point. */
export function withoutGreeting(message: string): string {
  return message.trim().replace(greeting, '')
}

const greeting =
  /^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|please|pls|ok|okay|so|can|could|would|will|you|we|i|need|want|help|me|us|to|kindly|just|let'?s|i'?d|like|there|all|team|claude)\b[\s,.!:-]*)+/i

function telling(lines: readonly string[]): string[] {
  return lines
    .map((line) => inWords(line.slice(0, maxSentenceLength)).trim())
    .filter((line) => /[A-Za-z]{2}/.test(line))
}

/** Enough to find the subject; more would only bring in its details. */
const maxSentences = 4
const maxSentenceLength = 300

function split(line: string): string[] {
  const sentences: string[] = []
  for (const part of line.split(/(?<=[a-z0-9)`"'][.!?]{1,9}["')]?)\s+/i)) {
    const previous = sentences.at(-1)
    if (previous !== undefined && !isSentence(previous, part))
      sentences[sentences.length - 1] = `${previous} ${part}`
    else sentences.push(part)
  }
  return sentences
}

/** Whether the text before a stop is a sentence of its own, and the stop not that of an abbreviation. */
function isSentence(text: string, next: string): boolean {
  if (!/\b[a-z]{2,}\W*$/i.test(text) || /\b(?:vs|misc|etc|approx|resp|incl|eg|ie|no)\.$/i.test(text))
    return false
  return /^[^a-z]*[A-Z]/.test(next) || /\?$/.test(text) || text.split(' ').length >= 3
}

/** Takes off how the sentence begins, as long as something is left of it. */
function withoutOpeners(sentence: string): string {
  let rest = sentence.trim()
  let asked = false
  for (let turn = 0; turn < 12; turn++) {
    const shorter = withoutOpener(rest, asked)
    if (shorter === rest) break
    rest = shorter
    asked = true
  }
  return rest
}

function withoutOpener(sentence: string, asked: boolean): string {
  const lower = sentence.toLowerCase()
  const length = [...(asked ? [requests] : []), ...openers]
    .map((opener) => lower.match(opener)?.[0].length ?? 0)
    .find((match) => match > 0)
  return length
    ? sentence.slice(length).replace(/^[\s,.;:!?-]+(?=\S)/, (start) => (/\s--$/.test(start) ? '--' : ''))
    : sentence
}
