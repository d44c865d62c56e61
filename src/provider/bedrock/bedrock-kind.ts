import { UserError } from '../../base/errors.ts'
import type { Environment, ModelSettings } from '../provider.ts'
import type { CheckOptions, ModelFact, ProviderKind } from '../provider-kind.ts'
import { redact } from '../redact.ts'
import { checkCredentials } from './aws/aws-credentials.ts'
import { endpointOf } from './aws/aws-endpoint.ts'
import { type AwsFacts, awsFacts } from './aws/aws-facts.ts'
import { credentialsHint } from './aws/credentials-hint.ts'
import { bedrockProvider } from './bedrock.ts'

/** Amazon Bedrock. */
export const bedrockKind: ProviderKind = {
  name: 'bedrock',

  create: bedrockProvider,

  /** Who configured AWS wants to hear what is wrong with it, not to get the guide instead. */
  async detect(settings, env, around) {
    const facts = awsFacts(settings, env, around.machine)
    const provider = bedrockProvider(settings, env, around)
    if (facts.source === undefined) return undefined
    const credentials = await checkCredentials(facts, env)
    if (credentials.ok) return { provider, notice: '' }
    // That a machine is EC2 is nobody's wish for AWS: without a role there is nothing to complain about.
    if (facts.source.kind === 'ec2') return undefined
    return { provider, notice: `${credentials.message} ${credentialsHint(facts)}` }
  },

  isSetUp: (settings, env, { machine }) => awsFacts(settings, env, machine).source !== undefined,

  advice(settings, env, { machine }) {
    const facts = awsFacts(settings, env, machine)
    if (facts.otherProfiles.length > 0) return credentialsHint(facts)
    return 'Run: aws configure (or export AWS_BEARER_TOKEN_BEDROCK=…)'
  },

  check: checkBedrock,
}

async function checkBedrock(
  settings: ModelSettings,
  env: Environment,
  options: CheckOptions,
): Promise<ModelFact[]> {
  const facts = awsFacts(settings, env, options.machine)
  const credentials = await checkCredentials(facts, env)
  const found: ModelFact[] = [
    credentials.ok
      ? { name: 'credentials', ok: true, detail: sourceWords(facts.source?.kind, facts.profile) }
      : {
          name: 'credentials',
          ok: false,
          detail: credentials.message,
          hint: credentialsHint(facts),
          // With `auto`, no credentials mean the guide.
          works: settings.provider === 'auto',
        },
    region(facts, env),
    { name: 'model', ok: true, detail: facts.modelId },
  ]
  return options.probe && credentials.ok ? [...found, await ask(settings, env, options)] : found
}

function region(facts: AwsFacts, env: Environment): ModelFact {
  const where = facts.regionKnown ? '' : ' (the default)'
  try {
    return { name: 'region', ok: true, detail: `${facts.region}${where}, ${endpointOf(facts, env).origin}` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return {
      name: 'region',
      ok: false,
      detail: redact(error.message),
      ...(error.hint ? { hint: error.hint } : {}),
    }
  }
}

async function ask(settings: ModelSettings, env: Environment, options: CheckOptions): Promise<ModelFact> {
  const message = { role: 'user' as const, blocks: [{ type: 'text' as const, text: 'Say ok.' }] }
  const provider = bedrockProvider(settings, env, options)
  for await (const event of provider.stream({ messages: [message], maxTokens: 1 }, options.signal)) {
    if (event.type !== 'failure') continue
    const { message, hint } = event
    return { name: 'answer', ok: false, detail: message, ...(hint ? { hint } : {}) }
  }
  return { name: 'answer', ok: true, detail: 'the model answers' }
}

function sourceWords(kind: string | undefined, profile: string): string {
  if (kind === 'profile') return `profile ${profile}`
  return kind === 'bearer' ? 'Bedrock API key' : `from ${kind === 'keys' ? 'the environment' : kind}`
}
