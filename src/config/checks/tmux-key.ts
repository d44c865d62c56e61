/**
 * The one name that tmux itself would give a key, so that two spellings of one key compare equal (`C-M-a` and `M-C-A`,
 * `PageUp` and `PPage`, `C-m` and `Enter`), or undefined if it is not a key that may stand in a binding.
 *
 * A whitelist: characters that tmux's command language gives a meaning (`; # { } ' " \ $ ~` and space) are no keys here.
 */
export function canonicalTmuxKey(text: string): string | undefined {
  const parts = /^((?:[CMS]-)*)(.+)$/su.exec(text)
  const base = parts?.[2] ?? ''
  const modifiers = new Set((parts?.[1] ?? '').replaceAll('-', ''))
  if (modifiers.size * 2 !== parts?.[1]?.length) return undefined
  const named = nameOf(base)
  if (named !== undefined) return joinKey(modifiers, named)
  if (!plainKey.test(base) || modifiers.has('S')) return undefined
  if (!modifiers.has('C')) return joinKey(modifiers, base)
  if (noControl.includes(base)) return undefined
  const twin = controlTwins.get(base.toLowerCase())
  if (twin === undefined) return joinKey(modifiers, base === '@' ? 'Space' : base.toLowerCase())
  modifiers.delete('C')
  return joinKey(modifiers, twin)
}

/** One letter of any alphabet, a digit, or punctuation that tmux reads as itself. */
const plainKey = /^[\p{L}0-9!@%^&*()_=+[\]|:<>,./?`-]$/u

/** tmux knows no control key for these. */
const noControl = ['%', '&', '*', '|']

/** Control keys that a terminal cannot tell from a named one. */
const controlTwins = new Map([
  ['m', 'Enter'],
  ['i', 'Tab'],
  ['[', 'Escape'],
])

const names =
  'Enter Escape Space Tab BTab BSpace Up Down Left Right Home End PPage NPage IC DC F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12'

/** Other names that tmux reads, in small letters → the name that it prints. */
const aliases = new Map([
  ['pageup', 'PPage'],
  ['pgup', 'PPage'],
  ['pagedown', 'NPage'],
  ['pgdn', 'NPage'],
  ['insert', 'IC'],
  ['delete', 'DC'],
])

/** tmux ignores case in names. */
function nameOf(base: string): string | undefined {
  const plain = base.toLowerCase()
  return names.split(' ').find((name) => name.toLowerCase() === plain) ?? aliases.get(plain)
}

function joinKey(modifiers: ReadonlySet<string>, base: string): string {
  return [...[...modifiers].sort(), base].join('-')
}
