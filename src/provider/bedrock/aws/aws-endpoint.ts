import { UserError } from '../../../base/errors.ts'
import type { Environment } from '../../provider.ts'
import type { AwsFacts } from './aws-facts.ts'

/** Where requests go: what the AWS_ENDPOINT_URL variables say, else Bedrock's address in the region. UserError: no URL. */
export function endpointOf(facts: AwsFacts, env: Environment): URL {
  const suffix = facts.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const address = configuredEndpoint(env) ?? `https://bedrock-runtime.${facts.region}.${suffix}`
  const url = URL.parse(address)
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new UserError(`Expected a URL to reach Bedrock, got ${address}`, {
    hint: 'Check AWS_ENDPOINT_URL and AWS_REGION: env | grep ^AWS_',
  })
}

/** The address that a variable names, in the order of the SDK's users' expectation. */
export function configuredEndpoint(env: Environment): string | undefined {
  return env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME || env.AWS_ENDPOINT_URL || undefined
}
