import type { IncomingMessage } from 'node:http'
import { oneLine } from '../../text/plain-text.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { Environment, ModelRequest, ModelSettings, Provider, ProviderEvent } from '../provider.ts'
import { secretsOf } from '../redact.ts'
import { within } from '../within.ts'
import { adjusted } from './openai-adjust.ts'
import { chatEvents } from './openai-answer.ts'
import { configuredEndpoint, type Endpoint, localEndpoints } from './openai-endpoint.ts'
import { type ChatCircumstances, chatFailure, ServerRefused } from './openai-failures.ts'
import { bodyOf, sendTo } from './openai-http.ts'
import { findLocal, listModels, modelWindow } from './openai-models.ts'
import { chatBody, type Without } from './openai-request.ts'

export interface OpenaiDeps {
  /** ms since the epoch. */
  now(): number
  /** Where a server is looked for when nothing names one. */
  local?: readonly string[] | undefined
  /** One that was found already. */
  found?: { endpoint: Endpoint; models: readonly string[] } | undefined
}

/**
 * Any server that speaks chat/completions: Ollama, llama.cpp, vLLM, LM Studio. Making the provider costs nothing and asks
 * nobody. Address and key are read anew for each request; the model is the one of the settings, else the server's first.
 */
export function openaiProvider(settings: ModelSettings, env: Environment, deps: OpenaiDeps): Provider {
  let found = deps.found
  const windows = new Map<string, number | undefined>()
  const without: Without = { tools: false, streamOptions: false }

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    const around: ChatCircumstances & { secrets: string[] } = {
      endpoint: undefined,
      model: settings.id,
      begun: false,
      models: [],
      secrets: [...secretsOf(env), ...[env.OPENAI_API_KEY?.trim() ?? ''].filter((key) => key.length > 3)],
    }
    const done = new AbortController()
    try {
      const endpoint = await findEndpoint(signal)
      if (!endpoint) return yield nobody
      around.endpoint = endpoint
      around.model ??= await firstModel(endpoint, signal)
      const response = await send(endpoint, request, around.model, done, signal)
      yield* chatEvents(response, settings.timeouts, signal, around)
    } catch (error) {
      if (error instanceof ServerRefused && [400, 404].includes(error.status) && around.endpoint) {
        around.models = await listModels(around.endpoint, env, 1000, signal).catch(() => [])
      }
      const failure = chatFailure(error, around)
      // Another server, or the same with another model, may be there the next time.
      if (failure.kind === 'network' || failure.kind === 'invalid') found = undefined
      yield failure
    } finally {
      done.abort()
    }
  }

  return {
    name: 'openai',
    isModel: true,
    // What servers on one's own machine are often started with.
    usualWindow: 32_000,
    get label() {
      const address = env.OPENAI_BASE_URL || settings.baseUrl || ''
      const host = found?.endpoint.host ?? URL.parse(address)?.host ?? 'this machine'
      // The server's own word for it, which goes to a terminal.
      return `openai ${oneLine(modelId() ?? '(its first model)')} at ${host}`
    },
    get model() {
      return modelId()
    },
    async models(signal) {
      const endpoint = await findEndpoint(signal)
      return endpoint ? listModels(endpoint, env, 2000, signal) : []
    },
    async window(signal) {
      try {
        const endpoint = await findEndpoint(signal)
        if (!endpoint) return undefined
        const model = modelId() ?? (await firstModel(endpoint, signal))
        const key = `${endpoint.base} ${model}`
        if (!windows.has(key)) windows.set(key, await modelWindow(endpoint, env, model, windowMs, signal))
        return windows.get(key)
      } catch {
        return undefined // What is wrong with the server, the answer says.
      }
    },
    stream,
  }

  function modelId(): string | undefined {
    return settings.id ?? found?.models[0]
  }

  async function findEndpoint(signal: AbortSignal): Promise<Endpoint | undefined> {
    const named = configuredEndpoint(settings, env)
    if (named && named.base !== found?.endpoint.base) found = undefined
    if (named) return named
    found ??= await within(findLocal(deps.local ?? localEndpoints, env, settings.id), 2000, signal)
    return found?.endpoint
  }

  async function firstModel(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
    const models = found?.models ?? (await listModels(endpoint, env, 5000, signal))
    found = { endpoint, models }
    const [first] = models
    if (first === undefined) throw new ServerRefused(404, 'it has no models')
    return first
  }

  /** Sends once more without what the server does not take. */
  async function send(
    endpoint: Endpoint,
    request: ModelRequest,
    model: string,
    done: AbortController,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    for (;;) {
      const body = chatBody(request, model, without)
      const sent = sendTo(endpoint, '/chat/completions', env, done.signal, body)
      sent.catch(() => {}) // heard by `within`, unless that gave up before
      const response = await within(sent, settings.timeouts.firstEventMs, signal)
      if (response.statusCode === 200) return response
      const said = await within(bodyOf(response), 2000, signal)
      const problem = new ServerRefused(
        response.statusCode ?? 0,
        said,
        retryAfter(response.headers, deps.now()),
      )
      if (!adjusted(problem, without)) throw problem
    }
  }
}

/** How long a turn waits to be told the model's window, in ms. */
const windowMs = 1000

const nobody: ProviderEvent = {
  type: 'failure',
  kind: 'network',
  message: 'No OpenAI-compatible server with a model answers on this machine.',
  hint: 'Start one: ollama serve (and: ollama pull qwen3), or: export OPENAI_BASE_URL=https://… OPENAI_API_KEY=…',
}
