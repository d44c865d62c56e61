/**
 * How well the namer's names agree with branch names that people gave: `npm run bench:names -- --titles FILE`.
 *
 * Words are compared in lower case, stemmed with Porter's algorithm (npm `stemmer`), without fix, add, update
 * and function words. For a repository held out, the weights were fitted on the others of the table.
 */
import extractor from 'keyword-extractor'
import { nameFrom } from '../../src/naming/name-from.ts'
import { fitModel } from './fit.ts'
import { functionWords } from './function-words.ts'
import { agreement, namingStems } from './metric.ts'
import { type Row, rowsAsked } from './rows.ts'

type Namer = (row: Row) => string

const { rows } = rowsAsked('npm run bench:names -- --titles FILE')
const repositories = [...new Set(rows.map((row) => row.repository))]

console.log(`| pull requests of | names by | most | one word | two words | F1 |\n|---|---|--:|--:|--:|--:|`)
for (const repository of repositories) {
  const own = rows.filter((row) => row.repository === repository)
  const model = fitModel(rows.filter((row) => row.repository !== repository))
  for (const length of repositories.length > 1 ? [20, 30] : [])
    line(
      own,
      repository,
      'ours, held out',
      length,
      ({ title }) => nameFrom([title], { maxLength: length, model }) ?? '',
    )
  others(own, repository)
}
for (const length of [20, 30])
  line(rows, 'all', 'ours, as shipped', length, ({ title }) => nameFrom([title], { maxLength: length }) ?? '')
others(rows, 'all')

function others(some: readonly Row[], label: string): void {
  line(some, label, 'first three words', undefined, ({ title }) => contentWords(title).slice(0, 3).join('-'))
  line(some, label, 'first three words', 20, ({ title }) => fitting(contentWords(title).slice(0, 3), 20))
  line(some, label, 'keyword-extractor', 20, ({ title }) => fitting(keywords(title), 20))
  line(some, label, 'best of the title', 20, (row) => fitting(bestWords(row), 20))
}

function line(
  some: readonly Row[],
  label: string,
  by: string,
  length: number | undefined,
  namer: Namer,
): void {
  const { one, two, f1 } = agreement(some.map((row) => ({ ours: namer(row), theirs: row.branch })))
  console.log(
    `| ${label} | ${by} | ${length ?? '-'} | ${one.toFixed(3)} | ${two.toFixed(3)} | ${f1.toFixed(3)} |`,
  )
}

function contentWords(title: string): string[] {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.filter((word) => !functionWords.has(word))
}

function keywords(title: string): string[] {
  const options = {
    language: 'english',
    remove_digits: false,
    return_changed_case: true,
    remove_duplicates: true,
  } as const
  return extractor.extract(title, options).flatMap((word) => word.match(/[a-z0-9]+/g) ?? [])
}

/** The title's words that the person took, shortest first, so that most of them fit. */
function bestWords({ title, branch }: Row): string[] {
  const theirs = namingStems(branch)
  const taken = contentWords(title).filter((word) => [...namingStems(word)].some((stem) => theirs.has(stem)))
  const distinct = new Map(taken.map((word) => [[...namingStems(word)][0], word]))
  return [...distinct.values()].sort((a, b) => a.length - b.length)
}

/** As many of the words, from the first, as fit into a name. */
function fitting(words: readonly string[], length: number): string {
  return words.reduce((name, word) => {
    const longer = name === '' ? word : `${name}-${word}`
    return longer.length <= length ? longer : name
  }, '')
}
