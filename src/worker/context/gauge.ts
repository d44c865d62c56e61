import { tokensIn, tokensOf } from '../../context/token-estimate.ts'
import { windowOf } from '../../context/windows.ts'
import type { Message } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { Provider, Usage } from '../../provider/provider.ts'

export interface Window {
  tokens: number
  /** Where the number is from, for people. */
  source: string
}

/** Measures requests: by estimates, corrected by what the service counted, against the window of the model. */
export interface Gauge {
  window(provider: Provider, signal?: AbortSignal): Promise<Window>
  /** An estimate in tokens as the service would count it. */
  corrected(estimate: number): number
  /** Tokens of the service as an estimate would have them. */
  estimated(tokens: number): number
  /** The service counted a request; undefined until it did. */
  counted(): Usage | undefined
  learn(provider: Provider, estimate: number, counted: Usage): void
  /** The model refused a request of this estimated size. */
  refused(provider: Provider, estimate: number): Promise<void>
}

/** `wanted`: the window that the user set, in tokens. */
export function createGauge(wanted: () => Promise<number | undefined>): Gauge {
  /** Windows that turned out to be smaller, by model. */
  const smaller = new Map<string | undefined, number>()
  let scale = 1
  let last: Usage | undefined
  const corrected = (estimate: number) => Math.round(estimate * scale)

  return {
    window,
    corrected,
    estimated: (tokens) => Math.floor(tokens / scale),
    counted: () => last,
    learn({ model }, estimate, usage) {
      last = usage
      const counted = usage.inputTokens
      if (counted > (smaller.get(model) ?? Number.POSITIVE_INFINITY)) smaller.delete(model)
      // A server that counts something else is not believed.
      const ratio = counted / Math.max(1, estimate)
      if (ratio > 0.4 && ratio < 2.5) scale = ratio
    },
    async refused(provider, estimate) {
      const size = corrected(estimate)
      // What is so short was refused for another reason.
      if (size > 2000) smaller.set(provider.model, Math.min(size, (await window(provider)).tokens))
    },
  }

  async function window(provider: Provider, signal = new AbortController().signal): Promise<Window> {
    const known = await knownWindow(provider, signal)
    const least = smaller.get(provider.model)
    if (least === undefined || least >= known.tokens) return known
    return { tokens: least, source: 'found out: the model refused more' }
  }

  async function knownWindow(provider: Provider, signal: AbortSignal): Promise<Window> {
    const set = await wanted()
    if (set !== undefined) return { tokens: set, source: 'model.context_window' }
    const said = await provider.window?.(signal)
    if (said !== undefined) return { tokens: said, source: 'said by the server' }
    const listed = provider.model === undefined ? undefined : windowOf(provider.model)
    if (listed !== undefined) return { tokens: listed, source: 'known of the model' }
    return { tokens: provider.usualWindow, source: 'a guess; set model.context_window' }
  }
}

/** A request's estimated size in tokens. */
export function sizeOf(system: string, tools: readonly ToolSpec[], messages: readonly Message[]): number {
  return tokensIn(system) + toolTokens(tools) + tokensOf(messages)
}

export function toolTokens(tools: readonly ToolSpec[]): number {
  return tools.length === 0 ? 0 : tokensIn(JSON.stringify(tools))
}
