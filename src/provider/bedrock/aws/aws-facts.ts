import { readFileSync } from 'node:fs'
import type { Environment, ModelSettings } from '../../provider.ts'
import type { Machine } from '../../provider-kind.ts'
import { defaultModelId, defaultRegion } from '../bedrock-model-id.ts'
import { type AwsConfig, type AwsSection, readAwsConfig } from './aws-files.ts'

/** Where credentials would come from. A profile's keys lie in its file; everything else about it has to be asked for. */
export type CredentialSource =
  | { kind: 'bearer' | 'keys' }
  | { kind: 'profile'; by: 'keys' | 'sso' | 'login' | 'other' }
  | { kind: 'missing profile' }
  /** A profile goes by an `sso_session` that is not there, or not whole: `lacks` is what it has not. */
  | { kind: 'missing session'; session: string; lacks: string | undefined }
  | { kind: 'container' | 'web identity' | 'ec2' }

/** What this machine says about AWS, found without the SDK and without a network. */
export interface AwsFacts {
  source: CredentialSource | undefined
  profile: string
  /** Profiles that hold credentials: what `AWS_PROFILE` could be set to. */
  otherProfiles: readonly string[]
  region: string
  /** false: nothing names a region, `region` is the default. */
  regionKnown: boolean
  modelId: string
}

/**
 * The facts as they are now: cheap (two small files at most), so they are read again for every request and a change of
 * the AWS files needs no restart. The order of the sources is that of the SDK's own chain.
 */
export function awsFacts(
  settings: ModelSettings,
  env: Environment,
  machine: Machine = thisMachine,
): AwsFacts {
  const config = readAwsConfig(env)
  const { profiles } = config
  const profile = env.AWS_PROFILE || 'default'
  const section = profiles.get(profile)
  const known = settings.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || section?.region
  const region = known || defaultRegion
  return {
    source: credentialSource(env, config, section, machine),
    profile,
    otherProfiles: [...profiles].flatMap(([name, other]) => (fromSection(other) ? [name] : [])),
    region,
    regionKnown: Boolean(known),
    modelId: settings.id || defaultModelId(region),
  }
}

const thisMachine: Machine = {
  isEc2: () =>
    process.platform === 'linux' && /amazon/i.test(firmware('sys_vendor') + firmware('bios_vendor')),
}

function credentialSource(
  env: Environment,
  config: AwsConfig,
  section: AwsSection | undefined,
  machine: Machine,
): CredentialSource | undefined {
  if (env.AWS_BEARER_TOKEN_BEDROCK) return { kind: 'bearer' }
  const inProfile = () => missingSession(config, section) ?? fromSection(section)
  if (env.AWS_PROFILE) return inProfile() ?? { kind: 'missing profile' }
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return { kind: 'keys' }
  return inProfile() ?? fromSurroundings(env, machine)
}

/** What is wrong with the `sso_session` of a profile, or of one that it takes its credentials from. */
function missingSession(
  { profiles, ssoSessions }: AwsConfig,
  section: AwsSection | undefined,
): CredentialSource | undefined {
  const seen = new Set<AwsSection>()
  for (let at = section; at && !seen.has(at); at = profiles.get(at.source_profile ?? '')) {
    seen.add(at)
    if (at.sso_session === undefined) continue
    const { sso_session: session } = at
    const found = ssoSessions.get(session)
    if (!found) return { kind: 'missing session', session, lacks: undefined }
    const lacks = ['sso_region', 'sso_start_url'].find((key) => !found[key])
    if (lacks) return { kind: 'missing session', session, lacks }
  }
  return undefined
}

function fromSection(section: AwsSection | undefined): CredentialSource | undefined {
  if (!section) return undefined
  if (section.role_arn === undefined && section.aws_access_key_id && section.aws_secret_access_key) {
    return { kind: 'profile', by: 'keys' }
  }
  const keys = Object.keys(section)
  if (!keys.some((key) => leadsToCredentials.test(key))) return undefined
  if (section.role_arn === undefined && keys.some((key) => key.startsWith('sso_')))
    return { kind: 'profile', by: 'sso' }
  return { kind: 'profile', by: section.login_session ? 'login' : 'other' }
}

const leadsToCredentials =
  /^(credential_process|credential_source|role_arn|source_profile|web_identity_token_file|login_session|sso_.+)$/

function fromSurroundings(env: Environment, machine: Machine): CredentialSource | undefined {
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) return { kind: 'web identity' }
  if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
    return { kind: 'container' }
  }
  const noMetadata = env.AWS_EC2_METADATA_DISABLED && env.AWS_EC2_METADATA_DISABLED !== 'false'
  return !noMetadata && machine.isEc2() ? { kind: 'ec2' } : undefined
}

function firmware(name: 'sys_vendor' | 'bios_vendor'): string {
  try {
    return readFileSync(`/sys/class/dmi/id/${name}`, 'utf8')
  } catch {
    return '' // not every machine tells
  }
}
