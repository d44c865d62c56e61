import type { AwsFacts } from './aws-facts.ts'
import { awsPaths } from './aws-files.ts'
import type { AwsSdk, BedrockRuntimeClientConfig } from './aws-sdk.ts'
import { httpsProxyHandler, requestHandler } from './connection.ts'
import { configuredEndpoint, endpointOf } from './endpoint.ts'
import type { Environment, Patience } from './provider.ts'
import { impatientRetries, maxAttempts } from './retry.ts'

/** A client for what the facts and the environment say now. Making it asks nobody; 4 ms. */
export function bedrockClient(sdk: AwsSdk, facts: AwsFacts, env: Environment, patience: Patience) {
  const attempts = maxAttempts(env.AWS_MAX_ATTEMPTS)
  const endpoint = configuredEndpoint(env)
  return new sdk.BedrockRuntimeClient({
    region: facts.region,
    profile: facts.profile,
    requestHandler: requestHandler(sdk, env, endpointOf(facts, env), patience),
    maxAttempts: attempts,
    retryStrategy: impatientRetries(attempts),
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
  const proxy = httpsProxyHandler(sdk, env)
  return sdk.fromNodeProviderChain({
    ...(facts.source?.kind === 'profile' ? { profile: facts.profile } : {}),
    filepath: paths.credentials,
    configFilepath: paths.config,
    ignoreCache: true,
    timeout: 1000,
    maxRetries: 0,
    logger: silent,
    ...(proxy ? { clientConfig: { requestHandler: proxy } } : {}),
  })
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
