import type { Environment, Timeouts } from '../provider.ts'
import { requestHandler, servicesHandler } from './aws/aws-connection.ts'
import { configuredEndpoint, endpointOf } from './aws/aws-endpoint.ts'
import type { AwsFacts } from './aws/aws-facts.ts'
import { awsPaths } from './aws/aws-files.ts'
import type { AwsSdk, BedrockRuntimeClientConfig } from './aws/aws-sdk.ts'

/** A client for what the facts and the environment say now. Making it asks nobody; 4 ms. */
export function bedrockClient(sdk: AwsSdk, facts: AwsFacts, env: Environment, timeouts: Timeouts) {
  const endpoint = configuredEndpoint(env)
  return new sdk.BedrockRuntimeClient({
    region: facts.region,
    profile: facts.profile,
    requestHandler: requestHandler(sdk, env, endpointOf(facts, env), timeouts),
    // What is worth it is tried again where people hear of it: `retry-provider.ts`.
    maxAttempts: 1,
    retryMode: 'standard',
    ...(endpoint ? { endpoint } : {}),
    ...identity(sdk, facts, env),
  })
}

/**
 * The SDK's own chain, bent to a program that runs for days in a terminal: the files are read anew, the instance
 * metadata service gets one try of a second, SSO and STS are reached through HTTPS_PROXY, nothing is printed.
 */
export function credentialChain(sdk: AwsSdk, facts: AwsFacts, env: Environment) {
  const paths = awsPaths(env)
  const handler = servicesHandler(sdk, env)
  const common = {
    filepath: paths.credentials,
    configFilepath: paths.config,
    ignoreCache: true,
    logger: silent,
    ...(handler ? { clientConfig: { requestHandler: handler } } : {}),
  }
  // The chain would go on to other sources, and say no more than that none of them had any.
  if (facts.source?.kind === 'profile') {
    // For SSO, `fromIni` looks into the files of the process's own home.
    const from = facts.source.by === 'sso' ? sdk.fromSSO : sdk.fromIni
    return from({ ...common, profile: facts.profile })
  }
  return sdk.fromNodeProviderChain({ ...common, timeout: 1000, maxRetries: 0 })
}

function identity(sdk: AwsSdk, facts: AwsFacts, env: Environment): BedrockRuntimeClientConfig {
  if (facts.source?.kind === 'bearer' && env.AWS_BEARER_TOKEN_BEDROCK) {
    return { token: { token: env.AWS_BEARER_TOKEN_BEDROCK }, authSchemePreference: ['httpBearerAuth'] }
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (facts.source?.kind === 'keys' && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
    const credentials = AWS_SESSION_TOKEN ? { ...keys, sessionToken: AWS_SESSION_TOKEN } : keys
    return { credentials, authSchemePreference: ['sigv4'] }
  }
  return { credentials: credentialChain(sdk, facts, env), authSchemePreference: ['sigv4'] }
}

const quiet = () => {}
const silent = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet }
