import { distance } from 'fastest-levenshtein'

/**
 * The candidate that `word` was probably meant to be: the only one that begins with it, else the nearest by letters that
 * were forgotten, added, mistyped or swapped, at most one in three. Upper case, `-`, `_` and blanks do not count.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(word)
  if (plain === '' || word.length > maxLength) return undefined
  const begun = candidates.filter((candidate) => simplify(candidate).startsWith(plain))
  if (begun.length === 1) return begun[0]
  const near = candidates
    .map((candidate) => ({ candidate, far: mistakes(plain, simplify(candidate)) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.far - b.far)
  return near[0]?.candidate
}

/** `did you mean "…"?`, or undefined if nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? undefined : `did you mean "${candidate}"?`
}

/** Nobody mistypes more: it is some other text. */
const maxLength = 80

/** Letters that differ. Two neighbours that were swapped are one mistake, where edit distance alone counts two. */
export function mistakes(word: string, wanted: string): number {
  const at = [...word].findIndex((letter, index) => letter !== wanted[index])
  const [first = '', second = ''] = word.slice(at, at + 2)
  const swapped = word.slice(0, at) + second + first + word.slice(at + 2)
  return at !== -1 && swapped === wanted ? 1 : distance(word, wanted)
}

function simplify(word: string): string {
  return word.trim().toLowerCase().replaceAll(/[-\s]/g, '_')
}
