import { escapedName } from '../../text/escaped-name.ts'
import { firstLines } from '../cap.ts'
import type { CallPlace } from '../files/call-place.ts'
import type { Target } from '../files/locate.ts'
import type { Operations } from '../files/operations.ts'
import type { WalkedEntry } from './walk.ts'
import { walkVisible } from './walk-visible.ts'

/** Entries of one listing. */
const maxEntries = 2000

/**
 * One line an entry: directories end with `/`, links with `@`, files have their size in bytes. What `.gitignore` names is
 * left out unless `all`, and said.
 */
export async function listDirectory(
  operations: Operations,
  place: CallPlace,
  target: Target,
  { depth, all, signal }: { depth: number; all: boolean; signal: AbortSignal },
): Promise<string> {
  const lines: string[] = []
  const { found, notes } = await walkVisible(operations, place, target, all, { signal, depth })
  for await (const one of found) {
    if (lines.length === maxEntries) {
      lines.push(`[cut here: more than ${maxEntries} entries]`)
      break
    }
    lines.push(await lineOf(operations, one))
  }
  if (lines.length === 0) return `(empty)${notes()}`
  const { text, left } = firstLines(lines, 64_000)
  return `${left > 0 ? `${text}\n[cut here: ${left} more]` : text}${notes()}`
}

async function lineOf({ fs }: Operations, { path, real, kind }: WalkedEntry): Promise<string> {
  const name = escapedName(path)
  if (kind === 'directory') return `${name}/`
  if (kind === 'link') return `${name}@`
  if (kind === 'other') return `${name} (no regular file)`
  const size = await fs.lstat(real).then(
    (stats) => stats.size,
    () => undefined, // gone meanwhile
  )
  return size === undefined ? name : `${name} ${size}`
}
