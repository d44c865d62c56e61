import { describeError } from '../../base/errors.ts'
import { isObject, parseJson } from '../../base/json.ts'
import type { Environment } from '../provider.ts'
import { within } from '../within.ts'
import { type Endpoint, endpointAt } from './openai-endpoint.ts'
import { ServerRefused } from './openai-failures.ts'
import { bodyOf, sendTo } from './openai-http.ts'

/** The ids of the models that a server has, in its order. @throws ServerRefused, TooSlow, Stopped, socket errors */
export async function listModels(
  endpoint: Endpoint,
  env: Environment,
  ms: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const done = new AbortController()
  try {
    return (await within(ask(endpoint, env, done.signal), ms, signal)).map(({ id }) => id)
  } finally {
    done.abort()
  }
}

export type Probe = { endpoint: Endpoint; models: readonly string[] } | { problem: string }

export type FoundServer = Extract<Probe, { endpoint: Endpoint }>

/** Of the addresses, asked all at once, the first that has the model `wanted` within `ms`, else the first that has any. */
export async function findLocal(
  addresses: readonly string[],
  env: Environment,
  wanted?: string,
  ms = 300,
): Promise<FoundServer | undefined> {
  const probes = await Promise.all(addresses.map((address) => probe(endpointAt(address), env, ms)))
  const found = probes.filter((one) => 'endpoint' in one && one.models.length > 0) as FoundServer[]
  return found.find(({ models }) => wanted !== undefined && models.includes(wanted)) ?? found[0]
}

/**
 * The window that a server says a model has, in tokens, under the names that vLLM, llama.cpp and others give it;
 * undefined when it does not say. @throws as `listModels`
 */
export async function modelWindow(
  endpoint: Endpoint,
  env: Environment,
  model: string,
  ms: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const done = new AbortController()
  try {
    const models = await within(ask(endpoint, env, done.signal), ms, signal)
    const about: Record<string, unknown> = models.find(({ id }) => id === model) ?? {}
    const meta = isObject(about.meta) ? about.meta : {}
    return [about.max_model_len, about.context_length, about.context_window, meta.n_ctx, meta.n_ctx_train]
      .filter((tokens) => typeof tokens === 'number')
      .find((tokens) => Number.isSafeInteger(tokens) && tokens >= 512)
  } finally {
    done.abort()
  }
}

/** Whether a server answers, and with which models. Never throws. */
export async function probe(endpoint: Endpoint, env: Environment, ms: number): Promise<Probe> {
  try {
    return { endpoint, models: await listModels(endpoint, env, ms) }
  } catch (error) {
    return { problem: describeError(error) }
  }
}

type Model = Record<string, unknown> & { id: string }

async function ask(endpoint: Endpoint, env: Environment, signal: AbortSignal): Promise<Model[]> {
  const response = await sendTo(endpoint, '/models', env, signal)
  const body = await bodyOf(response)
  if (response.statusCode !== 200) throw new ServerRefused(response.statusCode ?? 0, body)
  const list = parseJson(body)
  const data =
    isObject(list) && (Array.isArray(list.data) || list.data === null) ? (list.data ?? []) : undefined
  if (!data) throw new ServerRefused(200, 'no list of models')
  return data.filter((model): model is Model => isObject(model) && typeof model.id === 'string')
}
