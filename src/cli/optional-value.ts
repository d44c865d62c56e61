import type { ArgsDef } from 'citty'

/**
 * Makes a flag whose value may be left out readable for citty, which knows no such thing: `--resume` becomes
 * `--resume=` where no value follows. Such a flag is declared with its hint in brackets, `valueHint: '[NAME]'`.
 */
export function withOptionalValues(words: readonly string[], args: ArgsDef): string[] {
  const flags = Object.entries(args).flatMap(([name, definition]) =>
    definition.type === 'string' && definition.valueHint?.startsWith('[') ? [`--${name}`] : [],
  )
  const end = words.includes('--') ? words.indexOf('--') : words.length
  return words.map((word, at) => {
    const next = at + 1 < end ? words[at + 1] : undefined
    const hasValue = next !== undefined && !next.startsWith('-')
    return at < end && flags.includes(word) && !hasValue ? `${word}=` : word
  })
}
