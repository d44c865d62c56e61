import { isInside } from '../../base/is-inside.ts'
import { isSensitive } from '../../domain/sensitive.ts'
import { alternatives, literalOf } from '../../text/wildcard.ts'
import { type Grant, grantCovers } from './grants.ts'
import { ruleDoubt } from './rules/rule-doubt.ts'
import { deniesReading, denyingRule, type Rule, ruleCovers } from './rules/rules.ts'
import { noSecrets, type Secrets, secretOf, shortened } from './secrets.ts'
import { unreadIn } from './shell/unread.ts'
import { type Claim, claims, partsOf } from './tool-claim.ts'

export { type Grant, grantsOf } from './grants.ts'

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
  const denied = denyingRule(trust.deny, claim)
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

/** A test for paths that searches leave out: what a deny rule names, and where credentials are kept. */
export function hiddenPaths(trust: Pick<Trust, 'deny'>, tool: string): (path: string) => boolean {
  const isDenied = deniesReading(trust.deny, tool)
  return (path) => isSensitive(path) || isDenied(path)
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

function isReadHere(claim: Claim, cwd: string): boolean {
  return claim.type === 'read' && claim.paths.every((path) => isInside(cwd, path))
}

function isForCommands(rule: Rule): boolean {
  return claims('command', rule.tool) && rule.pattern !== undefined
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
