import { dirname } from 'node:path'
import type { Claim } from '../policy/tool-claim.ts'
import { Refusal } from '../refusal.ts'
import type { CallPlace } from './call-place.ts'
import { locate, locateAgain, type Target } from './locate.ts'
import type { Operations } from './operations.ts'

export interface ReadTarget {
  target: Target
  claim: Extract<Claim, { type: 'read' }>
  /** @throws Refusal when the directory is not any more what was shown */
  again(): Promise<void>
}

/** The directory that a search starts in, or the one file that is searched. @throws Refusal */
export async function readTarget(
  operations: Operations,
  place: CallPlace,
  path: string,
  tool: string,
): Promise<ReadTarget> {
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
export async function inDirectory(...[operations, place, path, tool]: Parameters<typeof readTarget>) {
  const root = await readTarget(operations, place, path, tool)
  if (root.target.kind !== 'directory') throw new Refusal(`${path} is not a directory`)
  return root
}
