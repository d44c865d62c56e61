import { hasChoice, wildcard } from '../../text/wildcard.ts'

/** A pattern read as names that may hold `[…]` and `{…}` themselves, or as a pattern, or some of it so and some so. */
export interface NamePattern {
  /** For each way to read it, the most literal one first, whether it means a path. */
  readings: ((path: string) => boolean)[]
}

/**
 * `app/[slug]/*.tsx` means the directory `[slug]` where there is one, else a class of letters; so does `{a,b}`. A pattern
 * without `/` matches names at any depth. undefined for one with too many alternatives.
 */
export function namePattern(pattern: string): NamePattern | undefined {
  const whole = pattern.includes('/') ? pattern : `**/${pattern}`
  const parts = whole.split('/')
  const special = parts.flatMap((part, index) => (isSpecial(part) ? [index] : []))
  const readings: NamePattern['readings'] = []
  for (const literal of choices(special)) {
    const names = new Map([...literal].map((index, at) => [parts[index], `\ue000${at}`]))
    const test = wildcard(replaced(parts, names))
    if (!test) return undefined
    readings.push((path) => test(replaced(path.split('/'), names)))
  }
  return { readings }
}

/** What the most literal reading that means anything means, in order. Reads `found` to its end where that is not the only one. */
export async function* matching<F extends { path: string }>(
  found: AsyncIterable<F>,
  { readings }: NamePattern,
): AsyncGenerator<F> {
  const [only, ...more] = readings
  if (only && more.length === 0) {
    for await (const one of found) if (only(one.path)) yield one
    return
  }
  const kept: F[][] = readings.map(() => [])
  for await (const one of found)
    for (const [index, test] of readings.entries()) if (test(one.path)) kept[index]?.push(one)
  yield* kept.find((some) => some.length > 0) ?? []
}

function isSpecial(part: string): boolean {
  const open = part.indexOf('[')
  return (open !== -1 && part.indexOf(']', open + 2) !== -1) || part.includes('\\') || hasChoice(part)
}

/** All ways to take some of the parts literally, the most first; of many parts only all and none. */
function choices(special: readonly number[]): ReadonlySet<number>[] {
  if (special.length > 4) return [new Set(special), new Set()]
  const all = Array.from({ length: 2 ** special.length }, (_, bits) =>
    special.filter((_, at) => bits & (1 << at)),
  )
  return all.toSorted((a, b) => b.length - a.length).map((some) => new Set(some))
}

/** With a plain word for each of these names. */
function replaced(parts: readonly string[], names: ReadonlyMap<string | undefined, string>): string {
  return parts.map((part) => names.get(part) ?? part).join('/')
}
