/**
 * Fits the weights of the namer: `node bench/naming/fit-names.ts --titles FILE` prints how the fit on all other
 * repositories of a table does on each, then writes the fit on all to src/naming/data/weights.ts. `--dry` only prints.
 */
import { writeFileSync } from 'node:fs'
import { nameFrom } from '../../src/naming/name-from.ts'
import type { Model } from '../../src/naming/weigh.ts'
import { commonStems, fitModel } from './fit.ts'
import { agreement } from './metric.ts'
import { type Row, rowsAsked } from './rows.ts'

const seed = 1
const { rows, flags } = rowsAsked('node bench/naming/fit-names.ts --titles FILE [--dry]', ['dry'])
const repositories = [...new Set(rows.map((row) => row.repository))]

for (const held of repositories.length > 1 ? repositories : []) {
  const [train, test] = [
    rows.filter((row) => row.repository !== held),
    rows.filter((row) => row.repository === held),
  ]
  const model = fitModel(train, { seed })
  console.log(`held out ${held}: ${figures(test, model)}`)
}

const model = fitModel(rows, { seed, vocabulary: commonStems(rows, 2) })
console.log(`fitted on all, scored on all: ${figures(rows, model)}, ${model.weights.size} weights`)
if (!flags.has('dry'))
  writeFileSync(new URL('../../src/naming/data/weights.ts', import.meta.url), moduleOf(model))

function figures(test: readonly Row[], model: Model): string {
  const pairs = test.map(({ title, branch }) => ({
    ours: nameFrom([title], { model }) ?? '',
    theirs: branch,
  }))
  const { one, two, f1 } = agreement(pairs)
  return `one ${one.toFixed(3)}, two ${two.toFixed(3)}, F1 ${f1.toFixed(3)}`
}

function moduleOf({ bias, weights }: Model): string {
  const lines = [...Map.groupBy(weights, ([feature]) => feature.replace(/(?<=:).*/, ''))]
    .sort()
    .map(([, group]) =>
      group
        .map(([feature, weight]) => `${feature} ${weight.toFixed(2)}`)
        .sort()
        .join('  '),
    )
  return `/** Written by bench/naming/fit-names.ts: log-odds of a word in general, and what each feature adds to them. */
export const bias = ${bias.toFixed(2)}

export const weights: ReadonlyMap<string, number> = new Map(
  [
    ...\`
${lines.join('\n')}
\`.matchAll(/(?<!\\S)(\\S+) (-?[\\d.]+)/g),
  ].map(([, feature = '', weight]) => [feature, Number(weight)]),
)
`
}
