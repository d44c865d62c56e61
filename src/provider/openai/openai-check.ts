import { UserError } from '../../base/errors.ts'
import { oneLine } from '../../text/plain-text.ts'
import type { Environment, ModelSettings } from '../provider.ts'
import type { ModelFact } from '../provider-kind.ts'
import { redact } from '../redact.ts'
import { type OpenaiDeps, openaiProvider } from './openai.ts'
import { configuredEndpoint, localEndpoints, startHint } from './openai-endpoint.ts'
import { findLocal, probe } from './openai-models.ts'

export interface OpenaiCheckOptions extends OpenaiDeps {
  /** Asks the model for one token. */
  probe?: boolean
  signal?: AbortSignal
}

/** What stands between here and an answer from an OpenAI-compatible server, for `q mux doctor`. Never throws. */
export async function checkOpenai(
  settings: ModelSettings,
  env: Environment,
  { probe: wanted = false, signal = new AbortController().signal, ...deps }: OpenaiCheckOptions,
): Promise<ModelFact[]> {
  const found = await look(settings, env, deps)
  if ('name' in found) return [found]
  const { endpoint, models } = found
  const [first] = models
  const id = settings.id ?? first
  const facts: ModelFact[] = [
    {
      name: 'endpoint',
      ok: true,
      detail: `${endpoint.host}${endpoint.setBy === 'model.base_url' ? ' (model.base_url)' : ''}, ${endpoint.key ? 'with a key' : 'without a key'}`,
    },
    id === undefined
      ? { name: 'model', ok: false, detail: 'the server has no models', hint: 'ollama pull qwen3' }
      : models.length > 0 && !models.includes(id)
        ? {
            name: 'model',
            ok: false,
            detail: `the server has no ${id}`,
            hint: `q config set model.id ${oneLine(first ?? '')}`,
          }
        : { name: 'model', ok: true, detail: oneLine(id) },
  ]
  if (!wanted || facts.some(({ ok }) => !ok)) return facts
  const message = { role: 'user' as const, blocks: [{ type: 'text' as const, text: 'Say ok.' }] }
  const provider = openaiProvider(settings, env, { ...deps, found })
  for await (const event of provider.stream({ messages: [message], maxTokens: 1 }, signal)) {
    if (event.type !== 'failure') continue
    const hint = event.hint ? { hint: event.hint } : {}
    return [...facts, { name: 'answer', ok: false, detail: event.message, ...hint }]
  }
  return [...facts, { name: 'answer', ok: true, detail: 'the model answers' }]
}

async function look(settings: ModelSettings, env: Environment, deps: OpenaiDeps) {
  const bad = (detail: string, hint?: string): ModelFact => ({
    name: 'endpoint',
    ok: false,
    detail: redact(detail, [env.OPENAI_API_KEY ?? ''].filter(Boolean)),
    ...(hint ? { hint } : {}),
  })
  try {
    const named = configuredEndpoint(settings, env)
    if (!named) {
      const found = await findLocal(deps.local ?? localEndpoints, env, settings.id)
      return found ?? bad('no server with a model answers on this machine', 'ollama serve')
    }
    const answer = await probe(named, env, named.loopback ? 1000 : 2000)
    return 'endpoint' in answer ? answer : bad(`${named.host}: ${answer.problem}`, startHint(named))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return bad(error.message, error.hint)
  }
}
