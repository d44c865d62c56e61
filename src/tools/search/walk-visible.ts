import { madeByPrograms } from '../../domain/made-by-programs.ts'
import type { CallPlace } from '../files/call-place.ts'
import { hiddenBelow, type Target } from '../files/locate.ts'
import type { Operations } from '../files/operations.ts'
import { type WalkedEntry, type WalkOptions, walk } from './walk.ts'

/**
 * What lies below a directory for a model or a person to see: without what the policy hides, what programs made and,
 * unless `all`, what `.gitignore` names. `notes` says afterwards what was left out, as lines behind a result.
 */
export async function walkVisible(
  operations: Operations,
  place: CallPlace,
  target: Target,
  all: boolean,
  { signal, depth }: Pick<WalkOptions, 'signal' | 'depth'>,
): Promise<{ found: AsyncGenerator<WalkedEntry>; notes(): string }> {
  const root = target.real
  const hidden = hiddenBelow(target, place)
  if (all) {
    const found = walk(operations, root, { signal, hidden, depth, skip: versioned })
    return { found, notes: () => '' }
  }
  const { ignoredBelow } = await import('./ignored.ts')
  const ignored = await ignoredBelow(operations, root, place.cwd)
  const found = walk(operations, root, { signal, hidden, depth, ignored, skip: madeByPrograms })
  return { found, notes: ignored.notes }
}

/** Where programs for versions keep theirs. */
const versioned = ['.hg', '.svn']
