import { isInside } from '../domain/inside.ts'
import { isSensitive } from '../domain/sensitive.ts'
import type { Claim } from './claim.ts'
import { reveal } from './reveal.ts'
import { mentionsRule, type Rule, ruleCovers } from './rules.ts'
import { isOpaque } from './shell-words.ts'

/** What `t` trusts until the session's worker ends: never more than it showed. */
export type Grant =
  | { type: 'read'; directory: string }
  | { type: 'write'; path: string }
  | { type: 'command'; command: string; cwd: string }
  | { type: 'call'; tool: string }

export interface Trust {
  /** The working directory without links. */
  cwd: string
  deny: readonly Rule[]
  allow: readonly Rule[]
  granted: readonly Grant[]
  /** `--trust-all-tools`: everything but what `deny` names. */
  all: boolean
}

export type Decision =
  | { type: 'run' }
  | { type: 'ask' }
  /** `rule`: the deny rule as the user wrote it. */
  | { type: 'refuse'; rule: string }

/** Deny before allow, allow before what the session trusts; then reads in the working directory run, all else asks. */
export function decide(claim: Claim, trust: Trust): Decision {
  const denied = trust.deny.find((rule) => mentionsRule(rule, claim))
  if (denied) return { type: 'refuse', rule: denied.text }
  const parts = partsOf(claim)
  if (!parts.every((part) => isTrusted(part, trust))) return { type: 'ask' }
  // A line that cannot be read might do what is denied.
  return claim.type === 'command' && trust.deny.some(isForCommands) && isUnread(claim, trust)
    ? { type: 'ask' }
    : { type: 'run' }
}

/** What `t` would trust here, and how to say it. */
export function grantsOf(claim: Claim): { grants: Grant[]; words: string } {
  switch (claim.type) {
    case 'command':
      return {
        grants: [{ type: 'command', command: claim.command, cwd: claim.cwd }],
        words: 'this very command line, in this directory',
      }
    case 'write':
      return { grants: [{ type: 'write', path: claim.path }], words: `writing ${reveal(claim.path)}` }
    case 'read': {
      const directories = [...new Set(claim.directories)]
      const shown = directories.map((directory) => reveal(directory)).join(', ')
      return {
        grants: directories.map((directory) => ({ type: 'read', directory })),
        words: `reading everything in ${shown}`,
      }
    }
    case 'call':
      return { grants: [{ type: 'call', tool: claim.tool }], words: `every call of ${reveal(claim.tool)}` }
  }
}

/** A test for paths that searches leave out: what a deny rule names, and where secrets live. */
export function hiddenPaths(trust: Pick<Trust, 'deny'>, tool: string): (real: string) => boolean {
  return (real) => {
    const claim: Claim = { type: 'read', tool, paths: [real], directories: [] }
    return isSensitive(real) || trust.deny.some((rule) => mentionsRule(rule, claim))
  }
}

/** A read of several paths is trusted when each of them is. */
function partsOf(claim: Claim): Claim[] {
  return claim.type === 'read' ? claim.paths.map((path) => ({ ...claim, paths: [path] })) : [claim]
}

function isTrusted(claim: Claim, trust: Trust): boolean {
  return (
    trust.all ||
    trust.allow.some((rule) => ruleCovers(rule, claim)) ||
    trust.granted.some((grant) => grantCovers(grant, claim)) ||
    isReadHere(claim, trust.cwd)
  )
}

function grantCovers(grant: Grant, claim: Claim): boolean {
  if (grant.type === 'command') {
    return claim.type === 'command' && claim.command === grant.command && claim.cwd === grant.cwd
  }
  if (grant.type === 'write') return claim.type === 'write' && claim.path === grant.path
  if (grant.type === 'call') return claim.type === 'call' && claim.tool === grant.tool
  return claim.type === 'read' && claim.paths.every((path) => isInside(grant.directory, path))
}

function isReadHere(claim: Claim, cwd: string): boolean {
  return claim.type === 'read' && claim.paths.every((path) => isInside(cwd, path) && !isSensitive(path))
}

function isForCommands(rule: Rule): boolean {
  return rule.tool === 'execute_bash' && rule.pattern !== undefined
}

/** Trusted as a whole tool only: nobody has seen this very line. */
function isUnread(claim: Extract<Claim, { type: 'command' }>, trust: Trust): boolean {
  return isOpaque(claim.command) && !trust.granted.some((grant) => grantCovers(grant, claim))
}
