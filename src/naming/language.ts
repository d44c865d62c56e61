import { foreignFunctionWords, functionWords } from './data/stop-words.ts'

/** The grammar of the language that a message is written in, when that is not English; else no words. */
export function foreignGrammar(message: string): ReadonlySet<string> {
  const words =
    message
      .toLowerCase()
      .match(/[a-z]+/g)
      ?.slice(0, 200) ?? []
  let grammar: ReadonlySet<string> = new Set()
  let most = Math.max(1, words.length / 5, words.filter((word) => functionWords.has(word)).length)
  for (const foreign of Object.values(foreignFunctionWords)) {
    const count = words.filter((word) => foreign.has(word)).length
    if (count > most) [grammar, most] = [foreign, count]
  }
  return grammar
}
