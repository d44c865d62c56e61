import { madeByPrograms } from '../domain/made-by-programs.ts'
import { firstLines } from './cap.ts'
import type { Operations } from './operations.ts'
import { type Found, walk } from './walk.ts'

/** Entries of one listing. */
const entryLimit = 2000

/** One line an entry: directories end with `/`, links with `@`, files have their size in bytes. */
export async function listDirectory(
  operations: Operations,
  root: string,
  depth: number,
  { signal, hidden }: { signal: AbortSignal; hidden?: ((real: string) => boolean) | undefined },
): Promise<string> {
  const lines: string[] = []
  for await (const found of walk(operations, root, { signal, hidden, depth, skip: madeByPrograms })) {
    if (lines.length === entryLimit) {
      lines.push(`[cut here: more than ${entryLimit} entries]`)
      break
    }
    lines.push(await lineOf(operations, found))
  }
  if (lines.length === 0) return '(empty)'
  const { text, left } = firstLines(lines, 64_000)
  return left > 0 ? `${text}\n[cut here: ${left} more]` : text
}

async function lineOf({ fs }: Operations, { path, real, kind }: Found): Promise<string> {
  const name = path.replaceAll('\n', '\\n')
  if (kind === 'directory') return `${name}/`
  if (kind === 'link') return `${name}@`
  if (kind === 'other') return `${name} (no regular file)`
  const size = await fs.lstat(real).then(
    (stats) => stats.size,
    () => undefined, // gone meanwhile
  )
  return size === undefined ? name : `${name} ${size}`
}
