import { pressedName } from '../../domain/line-commands.ts'
import { canonicalTmuxKey } from './tmux-key.ts'

/** Keys of the line editor under the names that tmux gives them; undefined where one is none that it could have. */
export function canonicalLineKeys(keys: readonly string[]): string[] | undefined {
  const canonical = keys.map((key) => asHeard(canonicalTmuxKey(key)))
  const usable = canonical.filter((key) => key !== undefined && pressedName(key) !== undefined)
  return usable.length === keys.length ? [...new Set(usable as string[])] : undefined
}

/** Terminals send the same for both: they are one key. */
function asHeard(key: string | undefined): string | undefined {
  return key === 'C-h' ? 'BSpace' : key
}
