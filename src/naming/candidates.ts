import { chatWords, taskWords } from './data/stop-words.ts'
import { type Candidate, candidatesOf } from './features.ts'
import { foreignGrammar } from './language.ts'
import { tokensOf } from './name-tokens.ts'
import { plain } from './plain.ts'
import { sentencesOf } from './sentences.ts'

/** A word of the first messages, and how far from their beginning it was said. */
export interface Said extends Candidate {
  readonly sentence: number
  readonly message: number
  /** Said to somebody, not written as a title or a command. */
  readonly conversation: boolean
}

/** The words of the first messages that may become the name, each once, in the order in which they were said. */
export function wordsSaid(messages: readonly string[]): Said[] {
  const said = new Map<string, Said>()
  messages.slice(0, maxMessages).forEach((text, message) => {
    const conversation = isConversation(plain(text))
    const left = leftOut(plain(text), conversation)
    sentencesOf(text).forEach((line, sentence) => {
      const tokens = tokensOf(line).map((token) =>
        left.some((words) => words.has(token.text)) ? { ...token, grammar: true } : token,
      )
      for (const candidate of candidatesOf(tokens)) {
        if (!said.has(candidate.stem) && !taskWords.has(candidate.text))
          said.set(candidate.stem, { ...candidate, sentence, message, conversation })
      }
    })
  })
  return [...said.values()]
}

/** A name may still improve with the third message, not after it. */
const maxMessages = 3

/** Words that describe nothing in this message, although others may be about them. */
function leftOut(message: string, conversation: boolean): ReadonlySet<string>[] {
  return [foreignGrammar(message), ...(conversation ? [chatWords] : [])]
}

/** Whether somebody is spoken to, as against a title or a command. */
function isConversation(message: string): boolean {
  return /\b(?:i|i'm|im|my|me|you|your|please|pls|thanks|hi|hello|hey|we|our|us|let's|why|how|what|can)\b|\?\s*$/im.test(
    message,
  )
}
