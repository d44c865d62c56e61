import { UserError } from '../base/errors.ts'
import { oneLine } from '../text/plain-text.ts'
import { type CredentialCheck, checkCredentials } from './bedrock/aws/aws-credentials.ts'
import { type AwsFacts, awsFacts, type Machine } from './bedrock/aws/aws-facts.ts'
import { credentialsHint } from './bedrock/aws/credentials-hint.ts'
import { bedrockProvider } from './bedrock/bedrock.ts'
import { guideProvider } from './guide/guide.ts'
import { thoseThatListen } from './http/listens.ts'
import { localEndpoints } from './openai/openai-endpoint.ts'
import type { Environment, ModelSettings, Provider } from './provider.ts'

export interface ChooseDeps {
  /** The directory of the user guide. */
  docs: string
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  machine?: Machine
  /** Where OpenAI-compatible servers are looked for on this machine. */
  localEndpoints?: readonly string[]
}

export interface Choice {
  provider: Provider
  /** One line for people; empty when there is nothing to say. */
  notice: string
}

/**
 * The provider that the settings ask for. `auto` goes by what the machine says: without any trace of AWS it is the guide
 * within 300 ms, or what a server on this machine has, and neither SDK nor network is touched; otherwise the answer is
 * there within 2 s.
 */
export async function chooseProvider(
  settings: ModelSettings,
  env: Environment,
  deps: ChooseDeps,
): Promise<Choice> {
  for (const strategy of strategies) {
    const choice = await strategy(settings, env, deps)
    if (choice) return choice
  }
  throw new UserError(`Expected model.provider auto, bedrock, openai or guide, got ${settings.provider}`)
}

/** Takes a case or leaves it to the next. */
type Strategy = (settings: ModelSettings, env: Environment, deps: ChooseDeps) => Promise<Choice | undefined>

const strategies: readonly Strategy[] = [
  guideWhenAsked,
  bedrockWhenAsked,
  openaiWhenAsked,
  bedrockWhenConfigured,
  openaiWhenConfigured,
  openaiWhenFound,
  guideOtherwise,
]

async function guideWhenAsked({ provider }: ModelSettings, _env: Environment, deps: ChooseDeps) {
  return provider === 'guide' ? { provider: guideProvider(deps), notice: '' } : undefined
}

async function bedrockWhenAsked(settings: ModelSettings, env: Environment, { machine }: ChooseDeps) {
  if (settings.provider !== 'bedrock') return undefined
  return { provider: bedrockProvider(settings, env, machine), notice: '' }
}

/** Who configured AWS wants to hear what is wrong with it, not to get the guide instead. */
async function bedrockWhenConfigured(settings: ModelSettings, env: Environment, { machine }: ChooseDeps) {
  const facts = awsFacts(settings, env, machine)
  const provider = bedrockProvider(settings, env, machine)
  if (facts.source === undefined) return undefined
  const check = await checkCredentials(facts, env)
  if (check.ok) return { provider, notice: '' }
  // That a machine is EC2 is nobody's wish for AWS: without a role there is nothing to complain about.
  if (facts.source.kind === 'ec2') return undefined
  return { provider, notice: notice(check, facts) }
}

async function openaiWhenAsked(settings: ModelSettings, env: Environment, { localEndpoints }: ChooseDeps) {
  if (settings.provider !== 'openai') return undefined
  const { openaiProvider } = await import('./openai/openai.ts')
  return { provider: openaiProvider(settings, env, { local: localEndpoints }), notice: '' }
}

/** As with AWS: who named a server wants to hear what is wrong with it. */
async function openaiWhenConfigured(settings: ModelSettings, env: Environment) {
  const named = env.OPENAI_BASE_URL?.trim() ? 'OPENAI_BASE_URL' : settings.baseUrl && 'model.base_url'
  if (!named) return undefined
  const { checkOpenai } = await import('./openai/openai-check.ts')
  const { openaiProvider } = await import('./openai/openai.ts')
  const [fact] = await checkOpenai({ ...settings, id: undefined }, env)
  const problem = fact && !fact.ok ? `${named}: ${fact.detail}. ${fact.hint ?? ''}`.trim() : ''
  return { provider: openaiProvider(settings, env), notice: problem }
}

/** A server on this machine that has a model and says so within 300 ms. */
async function openaiWhenFound(settings: ModelSettings, env: Environment, deps: ChooseDeps) {
  const local = await thoseThatListen(deps.localEndpoints ?? localEndpoints)
  if (local.length === 0) return undefined
  const { findLocal } = await import('./openai/openai-models.ts')
  const { openaiProvider } = await import('./openai/openai.ts')
  const found = await findLocal(local, env, settings.id)
  if (!found) return undefined
  const { id } = settings
  if (id === undefined || found.models.includes(id)) {
    return { provider: openaiProvider(settings, env, { local, found }), notice: '' }
  }
  // The id is most likely one of Bedrock's.
  const provider = openaiProvider({ ...settings, id: undefined }, env, { local, found })
  return {
    provider,
    notice: `${found.endpoint.host} has no ${id}: ${oneLine(found.models[0] ?? '')} answers.`,
  }
}

async function guideOtherwise(settings: ModelSettings, env: Environment, deps: ChooseDeps) {
  const facts = awsFacts(settings, env, deps.machine)
  const way =
    facts.otherProfiles.length > 0
      ? credentialsHint(facts)
      : 'Run: aws configure (or export AWS_BEARER_TOKEN_BEDROCK=…), or start a local model: ollama serve'
  return { provider: guideProvider(deps), notice: `No model yet: the built-in guide answers. ${way}` }
}

function notice(check: Extract<CredentialCheck, { ok: false }>, facts: AwsFacts): string {
  return `${check.message} ${credentialsHint(facts)}`
}
