import { describeError } from '../../../base/errors.ts'
import type { Environment } from '../../provider.ts'
import { redact, secretsOf } from '../../redact.ts'
import { TooSlow, within } from '../../within.ts'
import type { AwsFacts } from './aws-facts.ts'

export type CredentialCheck = { ok: true } | { ok: false; message: string }

/** How long credentials may take to resolve, in ms. */
const timeoutMs = 2000

/**
 * Whether the credentials that the facts point to are there. Keys and tokens that lie open are believed without asking;
 * the rest (SSO, roles, processes, containers) is resolved by the SDK, within 2 s.
 */
export async function checkCredentials(facts: AwsFacts, env: Environment): Promise<CredentialCheck> {
  const { source } = facts
  const missing = missingCredentials(facts)
  if (source === undefined || missing) return { ok: false, message: missing ?? '' }
  if (source.kind === 'bearer' || source.kind === 'keys') return { ok: true }
  if (source.kind === 'profile' && source.by === 'keys') return { ok: true }
  try {
    await within(resolve(facts, env), timeoutMs)
    return { ok: true }
  } catch (error) {
    const from =
      source.kind === 'profile' ? `AWS profile ${facts.profile}` : `AWS credentials (${source.kind})`
    if (error instanceof TooSlow) return { ok: false, message: `${from}: no answer within 2 s.` }
    return { ok: false, message: `${from}: ${redact(describeError(error), secretsOf(env))}` }
  }
}

/** What to say when nothing at all could give credentials. */
export function missingCredentials({ source, profile }: AwsFacts): string | undefined {
  if (source === undefined) return 'No AWS credentials are configured.'
  if (source.kind === 'missing profile') return `The AWS profile ${profile} is not configured.`
  if (source.kind !== 'missing session') return undefined
  const { session, lacks } = source
  return lacks
    ? `The AWS profile ${profile} goes by [sso-session ${session}], which has no ${lacks}.`
    : `The AWS profile ${profile} names the sso_session ${session}, and there is no [sso-session ${session}].`
}

async function resolve(facts: AwsFacts, env: Environment): Promise<void> {
  const [sdk, { credentialChain }] = await Promise.all([
    import('./aws-sdk.ts'),
    import('../bedrock-client.ts'),
  ])
  await credentialChain(sdk, facts, env)()
}
