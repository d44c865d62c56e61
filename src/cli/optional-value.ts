import { type Arguments, flagsOf } from './verb.ts'

/**
 * Makes a flag whose value may be left out readable for citty, which knows no such thing: `--resume` becomes
 * `--resume=` where no value follows.
 */
export function withOptionalValues(words: readonly string[], args: Arguments): string[] {
  const flags = [...flagsOf(args)].flatMap(([flag, { optionalValue }]) => (optionalValue ? [flag] : []))
  const end = words.includes('--') ? words.indexOf('--') : words.length
  return words.map((word, at) => {
    const next = at + 1 < end ? words[at + 1] : undefined
    const hasValue = next !== undefined && !next.startsWith('-')
    return at < end && flags.includes(word) && !hasValue ? `${word}=` : word
  })
}
