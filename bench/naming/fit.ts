import { wordsSaid } from '../../src/naming/candidates.ts'
import type { Model } from '../../src/naming/weigh.ts'
import { namingStems } from './metric.ts'
import type { Row } from './rows.ts'

export interface FitOptions {
  readonly seed?: number
  /** Words that may have a weight of their own, beside what they look like and where they stand. */
  readonly vocabulary?: (stem: string) => boolean
}

/** Logistic regression with L2 over the features of each word of a title: did the person take it? */
export function fitModel(
  rows: readonly Row[],
  { seed = 1, vocabulary = () => true }: FitOptions = {},
): Model {
  const samples = samplesOf(rows)
  const counts = countsOf(samples)
  const random = randomFrom(seed)
  const weights = new Map<string, number>()
  const steps = new Map<string, number>()
  for (const sample of samples) sample.features = sample.features.filter((feature) => counted(feature))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { features, taken } of shuffled(samples, random)) {
      const logOdds = features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), 0)
      const slope = 1 / (1 + Math.exp(-logOdds)) - (taken ? 1 : 0)
      for (const feature of features) descend(feature, slope)
    }
  }
  const bias = weights.get(always) ?? 0
  weights.delete(always)
  return { bias, weights }

  function counted(feature: string): boolean {
    const stem = feature.split('stem:')[1]
    return (counts.get(feature) ?? 0) >= rarest && (stem === undefined || vocabulary(stem))
  }

  /** One step of AdaGrad. */
  function descend(feature: string, slope: number): void {
    const weight = weights.get(feature) ?? 0
    const gradient = slope + (feature === always ? 0 : (l2 * weight) / (counts.get(feature) ?? 1))
    const squares = (steps.get(feature) ?? 0.01) + gradient * gradient
    steps.set(feature, squares)
    weights.set(feature, weight - (rate * gradient) / Math.sqrt(squares))
  }
}

/** The stems that the titles of every repository have, at least `times` each, but none of their names: words of no project's own. */
export function commonStems(rows: readonly Row[], times: number): (stem: string) => boolean {
  const repositories = [...Map.groupBy(rows, (row) => row.repository).values()].map((own) => {
    const stems = own.flatMap(({ title }) => wordsSaid([title]).map(({ stem }) => stem))
    return Map.groupBy(stems, (stem) => stem)
  })
  const names = namingStems([...new Set(rows.map((row) => row.repository)), 'github'].join(' '))
  return (stem) => !names.has(stem) && repositories.every((own) => (own.get(stem)?.length ?? 0) >= times)
}

const epochs = 30
const l2 = 5
const rate = 0.1
/** A feature that fewer words have gets no weight. */
const rarest = 4
const always = 'always'

interface Sample {
  features: readonly string[]
  readonly taken: boolean
}

function samplesOf(rows: readonly Row[]): Sample[] {
  return rows.flatMap(({ title, branch }) => {
    const theirs = namingStems(branch)
    return wordsSaid([title]).map(({ stem, features }) => ({
      features: [always, ...features],
      taken: theirs.has(stem),
    }))
  })
}

function countsOf(samples: readonly Sample[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { features } of samples)
    for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  return counts
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[copy[last], copy[other]] = [copy[other] as T, copy[last] as T]
  }
  return copy
}

/** A linear congruential generator: the same seed gives the same fit. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
