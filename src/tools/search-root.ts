import type { Claim } from './claim.ts'
import { locate, locateAgain, type Target } from './locate.ts'
import type { Operations } from './operations.ts'
import type { Place } from './place.ts'
import { Refusal } from './shape.ts'

export interface SearchRoot {
  target: Target
  claim: Claim
  /** @throws Refusal when the directory is not any more what was shown */
  again(): Promise<void>
}

/** The directory that a search starts in. @throws Refusal */
export async function inDirectory(
  operations: Operations,
  place: Place,
  path: string,
  tool: string,
): Promise<SearchRoot> {
  const target = await locate(operations, place, path)
  if (target.kind !== 'directory') {
    throw new Refusal(target.kind === 'absent' ? `${path} does not exist` : `${path} is not a directory`)
  }
  return {
    target,
    claim: {
      type: 'read',
      tool,
      paths: [target.real],
      asked: [target.ways],
      directories: [target.real],
    },
    again: () => locateAgain(operations, place, target),
  }
}
