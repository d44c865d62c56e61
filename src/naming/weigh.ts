import { bias, weights } from './data/weights.ts'

/** What each feature adds to the log-odds that a person would put the word into the name. */
export interface Model {
  readonly bias: number
  readonly weights: ReadonlyMap<string, number>
}

/** Fitted on the branch names of two projects' pull requests by bench/naming/fit-names.ts. */
export const shippedModel: Model = { bias, weights }

/** How likely a person would have put a word with these features into the name, as log-odds. */
export function weigh(features: readonly string[], model: Model = shippedModel): number {
  return features.reduce((sum, feature) => sum + (model.weights.get(feature) ?? 0), model.bias)
}
