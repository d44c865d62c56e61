import { oneLine } from '../../text/plain-text.ts'
import { thoseThatListen } from '../http/listens.ts'
import type { Environment, ModelSettings } from '../provider.ts'
import type { Around, Detected, ProviderKind } from '../provider-kind.ts'
import { localEndpoints } from './openai-endpoint.ts'

/** Any OpenAI-compatible server. What speaks HTTP is loaded when it is used. */
export const openaiKind: ProviderKind = {
  name: 'openai',

  async create(settings, env, around) {
    const { openaiProvider } = await import('./openai.ts')
    return openaiProvider(settings, env, { now: around.now, local: around.localEndpoints })
  },

  async detect(settings, env, around) {
    return (await namedServer(settings, env, around)) ?? localServer(settings, env, around)
  },

  isSetUp: (settings, env) => Boolean(env.OPENAI_BASE_URL || settings.baseUrl),

  advice: () => 'start a local model: ollama serve',

  async check(settings, env, { now, probe, signal }) {
    const { checkOpenai } = await import('./openai-check.ts')
    return checkOpenai(settings, env, { now, probe, signal })
  },
}

/** As with AWS: who named a server wants to hear what is wrong with it. */
async function namedServer(
  settings: ModelSettings,
  env: Environment,
  { now }: Around,
): Promise<Detected | undefined> {
  const named = env.OPENAI_BASE_URL?.trim() ? 'OPENAI_BASE_URL' : settings.baseUrl && 'model.base_url'
  if (!named) return undefined
  const { checkOpenai } = await import('./openai-check.ts')
  const { openaiProvider } = await import('./openai.ts')
  const [fact] = await checkOpenai({ ...settings, id: undefined }, env, { now })
  const problem = fact && !fact.ok ? `${named}: ${fact.detail}. ${fact.hint ?? ''}`.trim() : ''
  return { provider: openaiProvider(settings, env, { now }), notice: problem }
}

/** A server on this machine that has a model and says so within 300 ms. */
async function localServer(
  settings: ModelSettings,
  env: Environment,
  around: Around,
): Promise<Detected | undefined> {
  const local = await thoseThatListen(around.localEndpoints ?? localEndpoints)
  if (local.length === 0) return undefined
  const { now } = around
  const { findLocal } = await import('./openai-models.ts')
  const { openaiProvider } = await import('./openai.ts')
  const found = await findLocal(local, env, settings.id)
  if (!found) return undefined
  const { id } = settings
  if (id === undefined || found.models.includes(id)) {
    return { provider: openaiProvider(settings, env, { now, local, found }), notice: '' }
  }
  // The id is most likely one of Bedrock's.
  const provider = openaiProvider({ ...settings, id: undefined }, env, { now, local, found })
  return {
    provider,
    notice: `${found.endpoint.host} has no ${id}: ${oneLine(found.models[0] ?? '')} answers.`,
  }
}
