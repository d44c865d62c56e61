import { UserError } from '../base/errors.ts'
import { checkCredentials } from './bedrock/aws/aws-credentials.ts'
import { endpointOf } from './bedrock/aws/aws-endpoint.ts'
import { type AwsFacts, awsFacts, type Machine } from './bedrock/aws/aws-facts.ts'
import { credentialsHint } from './bedrock/aws/credentials-hint.ts'
import { bedrockProvider } from './bedrock/bedrock.ts'
import type { ModelFact } from './model-fact.ts'
import { checkOpenai } from './openai/openai-check.ts'
import type { Environment, ModelSettings } from './provider.ts'
import { redact } from './redact.ts'

export interface CheckOptions {
  /** Asks the model for one token: costs a little, and needs the network. */
  probe?: boolean
  signal?: AbortSignal
  machine?: Machine
}

/** What stands between here and an answer, from Bedrock unless the settings say openai, for `q mux doctor`. Never throws; at most 2 s without a probe. */
export async function checkModel(
  settings: ModelSettings,
  env: Environment,
  { probe = false, signal = new AbortController().signal, machine }: CheckOptions = {},
): Promise<ModelFact[]> {
  const facts = awsFacts(settings, env, machine)
  const address = env.OPENAI_BASE_URL || settings.baseUrl
  const named = settings.provider === 'auto' && facts.source === undefined && address
  if (settings.provider === 'openai' || named) return checkOpenai(settings, env, { probe, signal })
  const credentials = await checkCredentials(facts, env)
  const found: ModelFact[] = [
    credentials.ok
      ? { name: 'credentials', ok: true, detail: sourceWords(facts.source?.kind, facts.profile) }
      : { name: 'credentials', ok: false, detail: credentials.message, hint: credentialsHint(facts) },
    region(facts, env),
    { name: 'model', ok: true, detail: facts.modelId },
  ]
  return probe && credentials.ok ? [...found, await ask(settings, env, signal, machine)] : found
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

async function ask(
  settings: ModelSettings,
  env: Environment,
  signal: AbortSignal,
  machine: Machine | undefined,
): Promise<ModelFact> {
  const message = { role: 'user' as const, blocks: [{ type: 'text' as const, text: 'Say ok.' }] }
  const events = bedrockProvider(settings, env, machine).stream({ messages: [message], maxTokens: 1 }, signal)
  for await (const event of events) {
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
