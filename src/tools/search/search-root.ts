import { dirname } from 'node:path'
import type { Place } from '../files/call-place.ts'
import { locate, locateAgain, type Target } from '../files/locate.ts'
import type { Operations } from '../files/operations.ts'
import type { Claim } from '../policy/tool-claim.ts'
import { Refusal } from '../shape.ts'

export interface SearchRoot {
  target: Target
  claim: Claim
  /** @throws Refusal when the directory is not any more what was shown */
  again(): Promise<void>
}

/** The directory that a search starts in, or the one file that is searched. @throws Refusal */
export async function searchRoot(
  operations: Operations,
  place: Place,
  path: string,
  tool: string,
): Promise<SearchRoot> {
  const target = await locate(operations, place, path)
  if (target.kind === 'absent') throw new Refusal(`${path} does not exist`)
  const directory = target.kind === 'directory' ? target.real : dirname(target.real)
  return {
    target,
    claim: {
      type: 'read',
      tool,
      paths: [target.real],
      asked: [target.ways],
      directories: [directory],
    },
    again: () => locateAgain(operations, place, target),
  }
}

/** The directory that a search starts in. @throws Refusal */
export async function inDirectory(...[operations, place, path, tool]: Parameters<typeof searchRoot>) {
  const root = await searchRoot(operations, place, path, tool)
  if (root.target.kind !== 'directory') throw new Refusal(`${path} is not a directory`)
  return root
}
