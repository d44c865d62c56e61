import { stemmer } from 'stemmer'
import { abbreviations } from './data/abbreviations.ts'
import { familiarity, unfamiliar } from './familiarity.ts'

/** The usual short form of a word that is rarely written out in names: `configuration` becomes `config`. */
export function abbreviate(word: string): string {
  return abbreviations.get(word) ?? word
}

/** The word without its ending, `retries` as `retry`, or the word itself when no known word remains. */
export function withoutEnding(word: string): string {
  if (word.length < 5) return word
  const stem = stemmer(word)
  return shorterForms(word).find((form) => form.length >= 3 && stemmer(form) === stem) ?? word
}

function shorterForms(word: string): string[] {
  if (/[^aeiou]ies$/.test(word)) return [`${word.slice(0, -3)}y`]
  if (/(?:x|ch|sh|ss)es$/.test(word)) return [word.slice(0, -2)]
  if (/ses$/.test(word)) return [word.slice(0, -1)].filter(known)
  if (/(?:[^aeious]|[^aeiou]e)s$/.test(word)) return endsInS.has(word) ? [] : [word.slice(0, -1)]
  const verb = word.replace(/(?:ing|ed)$/, '')
  if (verb === word || !/[aeiouy]/.test(verb)) return []
  return [`${verb}e`, verb, verb.replace(/(.)\1$/, '$1')].filter(known)
}

function known(word: string): boolean {
  return familiarity(word) < unfamiliar || technicalVerbs.has(word)
}

/** Words that are not plurals although they look like some. */
const endsInS = new Set([
  'kubernetes',
  'https',
  'rails',
  'perhaps',
  'physics',
  'graphics',
  'parallels',
  'postgres',
  'numerics',
])

/** Verbs of the trade that everyday speech does not have. */
const technicalVerbs = new Set(
  `allocate append archive attach authenticate autocomplete backport benchmark bundle cache cast checkout chunk clone
  commit compile compose compress configure crawl debug decode delete deploy deprecate detach diff disable download
  dump duplicate enable encode encrypt evaluate exclude execute export extract fetch filter flush format fork freeze
  generate handle hash highlight ignore import include index indent initialize inject inline insert install iterate
  lint load log merge migrate mock mount nest normalize optimize output overflow override parse patch ping poll
  preload prompt propagate provision prune publish push query queue quote rebase redirect refactor refresh register
  release rename render replace reset resize resolve restart restore retry revert route sanitize scale scan scroll
  serialize shard simplify sort specify spawn stage stream style suppress sync tag test throttle time toggle
  tokenize trace transform trigger trim truncate update upgrade upload validate verify wrap`.split(/\s+/),
)
