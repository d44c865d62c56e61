import { isInside } from '../../base/is-inside.ts'
import { thisCommand } from '../../domain/approval.ts'
import { reveal } from '../reveal.ts'
import { noSecrets, type Secrets, secretOf } from './secrets.ts'
import { type Claim, partsOf } from './tool-claim.ts'

/** What `t` trusts until the session's worker ends: never more than it showed. */
export type Grant =
  /** But for the places in it where credentials are kept. */
  | { type: 'read'; directory: string }
  /** Just this one, whatever it holds. */
  | { type: 'readOne'; path: string }
  | { type: 'write'; path: string }
  | { type: 'command'; command: string; cwd: string }
  /** `input`: no other. Without, any that names no place where credentials are kept. */
  | { type: 'call'; tool: string; input?: string }

/** What `t` would trust here, and how to say it. */
export function grantsOf(claim: Claim, secrets: Secrets = noSecrets): { grants: Grant[]; words: string } {
  switch (claim.type) {
    case 'command':
      return {
        grants: [{ type: 'command', command: claim.command, cwd: claim.cwd }],
        words: thisCommand,
      }
    case 'write':
      return { grants: [{ type: 'write', path: claim.path }], words: `writing ${reveal(claim.path)}` }
    case 'read':
      return readGrants(claim, secrets)
    case 'call':
      return secretOf(claim, secrets) === undefined
        ? { grants: [{ type: 'call', tool: claim.tool }], words: `every call of ${reveal(claim.tool)}` }
        : {
            grants: [{ type: 'call', tool: claim.tool, input: claim.input }],
            words: `this very call of ${reveal(claim.tool)}`,
          }
  }
}

/** `secret`: the claim is a matter of credentials, which only a grant for just this opens. */
export function grantCovers(grant: Grant, claim: Claim, secret: boolean): boolean {
  switch (grant.type) {
    case 'command':
      return claim.type === 'command' && claim.command === grant.command && claim.cwd === grant.cwd
    case 'write':
      return claim.type === 'write' && claim.path === grant.path
    case 'call':
      if (claim.type !== 'call' || claim.tool !== grant.tool) return false
      return grant.input === undefined ? !secret : claim.input === grant.input
    case 'readOne':
      return claim.type === 'read' && claim.paths.every((path) => path === grant.path)
    case 'read':
      return claim.type === 'read' && !secret && claim.paths.every((path) => isInside(grant.directory, path))
  }
}

/** Directories, and of where credentials are kept just what was shown. */
function readGrants(
  claim: Extract<Claim, { type: 'read' }>,
  secrets: Secrets,
): { grants: Grant[]; words: string } {
  const secret = new Set<string>()
  const directories = new Set<string>()
  for (const [at, part] of partsOf(claim).entries()) {
    if (secretOf(part, secrets) !== undefined) secret.add(claim.paths[at] ?? '')
    else directories.add(claim.directories[at] ?? '')
  }
  const shown = (paths: ReadonlySet<string>) => [...paths].map((path) => reveal(path)).join(', ')
  const words = [
    ...(directories.size > 0 ? [`reading everything in ${shown(directories)}, but no credentials`] : []),
    ...(secret.size > 0 ? [`reading ${shown(secret)}`] : []),
  ]
  return {
    grants: [
      ...[...directories].map((directory) => ({ type: 'read' as const, directory })),
      ...[...secret].map((path) => ({ type: 'readOne' as const, path })),
    ],
    words: words.join(', and '),
  }
}
