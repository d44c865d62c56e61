import { distance } from 'fastest-levenshtein'

/** The candidate that `word` was probably meant to be, or undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 80) return undefined
  const plain = simplify(word)
  const near = candidates
    .map((candidate) => ({ candidate, far: distance(plain, simplify(candidate)) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.far - b.far)
  return near[0]?.candidate
}

/** `Did you mean "…"?`, or undefined if nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? undefined : `Did you mean "${candidate}"?`
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-\s]/g, '_')
}
