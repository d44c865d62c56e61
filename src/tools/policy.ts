import { isInside } from '../domain/inside.ts'
import { isSensitive } from '../domain/sensitive.ts'
import { alternatives, literalOf } from '../domain/wildcard.ts'
import type { Claim } from './claim.ts'
import { foldedPath } from './path-pattern.ts'
import { reveal } from './reveal.ts'
import { ruleDoubt } from './rule-doubt.ts'
import { mentionsPath, mentionsRule, type Rule, ruleCovers } from './rules.ts'
import { noSecrets, placesOf, type Secrets } from './secrets.ts'
import { unreadIn } from './unread.ts'

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
  /** `why`: what the person might not see in what is shown. */
  | { type: 'ask'; why?: string }
  /** `rule`: the deny rule as the user wrote it. */
  | { type: 'refuse'; rule: string }

/**
 * Deny before allow, allow before what the session trusts; then reads in the working directory run, all else asks. What
 * lies where credentials are kept (`secrets`, of `secretsIn`) is trusted by a rule or a grant that names it, and no other.
 */
export function decide(claim: Claim, trust: Trust, secrets: Secrets = noSecrets): Decision {
  const denied = trust.deny.find((rule) => mentionsRule(rule, claim))
  if (denied) return { type: 'refuse', rule: denied.text }
  for (const part of partsOf(claim)) {
    const secret = secretOf(part, secrets)
    if (isTrusted(part, trust, secret !== undefined)) continue
    const why = secret ?? doubtIn(part, trust.allow)
    return why === undefined ? { type: 'ask' } : { type: 'ask', why }
  }
  // A line that cannot be read might do what is denied.
  return claim.type === 'command' && trust.deny.some(isForCommands) && isUnread(claim, trust)
    ? { type: 'ask' }
    : { type: 'run' }
}

/** What `t` would trust here, and how to say it. */
export function grantsOf(claim: Claim, secrets: Secrets = noSecrets): { grants: Grant[]; words: string } {
  switch (claim.type) {
    case 'command':
      return {
        grants: [{ type: 'command', command: claim.command, cwd: claim.cwd }],
        words: 'this very command line, in this directory',
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

/** A test for paths that searches leave out: what a deny rule names, and where credentials are kept. */
export function hiddenPaths(trust: Pick<Trust, 'deny'>, tool: string): (path: string) => boolean {
  const isDenied = deniedPaths(trust, tool)
  return (path) => isSensitive(path) || isDenied(path)
}

/** A test for paths that a deny rule names. */
export function deniedPaths(trust: Pick<Trust, 'deny'>, tool: string): (path: string) => boolean {
  const isDenied = mentionsPath(trust.deny, { type: 'read', tool })
  return (path) => isDenied(foldedPath(path))
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

/** A read of several paths is trusted when each of them is. */
function partsOf(claim: Claim): Claim[] {
  if (claim.type !== 'read') return [claim]
  return claim.paths.map((path, at) => ({ ...claim, paths: [path], asked: [claim.asked?.[at]] }))
}

/** Why a part of a claim is a matter of credentials. */
function secretOf(claim: Claim, secrets: Secrets): string | undefined {
  const sensitive =
    claim.type === 'read'
      ? placesOf(claim.paths, claim.asked ?? [])
      : claim.type === 'write'
        ? placesOf([claim.path], [claim.asked])
        : secrets
  const paths = claim.type === 'read' ? claim.paths : []
  const [found] = [...sensitive, ...[...secrets].filter(([path]) => paths.includes(path))]
  return found && `${shortened(found[0])}: ${found[1]}`
}

function isTrusted(claim: Claim, trust: Trust, secret: boolean): boolean {
  return (
    trust.all ||
    trust.allow.some(
      (rule) => ruleCovers(rule, claim) && (!secret || namesSecret(rule)) && !ruleDoubt(rule, claim),
    ) ||
    trust.granted.some((grant) => grantCovers(grant, claim, secret)) ||
    (!secret && isReadHere(claim, trust.cwd))
  )
}

/** Why no rule that covers a line trusts it. */
function doubtIn(claim: Claim, allow: readonly Rule[]): string | undefined {
  for (const rule of allow) {
    const doubt = ruleCovers(rule, claim) ? ruleDoubt(rule, claim) : undefined
    if (doubt) return `${shortened(doubt.word)} ${doubt.why}; ${rule.text} does not name it`
  }
  return undefined
}

/** A rule for just one line or path, or for places that it calls by their names (`fs_read(**\/.env)`). */
function namesSecret({ pattern, command }: Rule): boolean {
  if (command) return command.spells === 'line'
  if (pattern === undefined) return false
  return (
    isSensitive(pattern) || (alternatives(pattern)?.every((one) => literalOf(one) !== undefined) ?? false)
  )
}

function grantCovers(grant: Grant, claim: Claim, secret: boolean): boolean {
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

function isReadHere(claim: Claim, cwd: string): boolean {
  return claim.type === 'read' && claim.paths.every((path) => isInside(cwd, path))
}

/** All of it is among what is shown. */
function shortened(word: string): string {
  return word.length > 120 ? `${word.slice(0, 119)}…` : word
}

function isForCommands(rule: Rule): boolean {
  return rule.tool === 'execute_bash' && rule.pattern !== undefined
}

/** Whether a line may do what is denied without saying so, and nobody has named it: it is trusted as part of the tool only. */
function isUnread(claim: Extract<Claim, { type: 'command' }>, { granted, allow }: Trust): boolean {
  const unread = unreadIn(claim.command)
  if (!unread || granted.some((grant) => grantCovers(grant, claim, true))) return false
  return !allow.some((rule) => {
    const spells = rule.command?.spells
    const named = spells === 'line' || (spells === 'program' && unread.type === 'program')
    return named && ruleCovers(rule, claim)
  })
}
