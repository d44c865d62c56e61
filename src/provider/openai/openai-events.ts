import { isObject } from '../../base/json.ts'
import type { ProviderEvent, Usage } from '../provider.ts'
import { toolUse } from '../tool-use.ts'

/** Reads the chunks of one answer in order; what a server leaves out or spells otherwise is taken as it can be. */
export interface ChatAnswer {
  read(chunk: unknown): ProviderEvent[]
  /** The server said why it stopped: every part of the answer is there. */
  readonly stopped: boolean
  /** The tools and the end; nothing if the answer never came to one. */
  end(): ProviderEvent[]
}

export function readChat(): ChatAnswer {
  const calls: Call[] = []
  let finish: string | undefined
  let usage: Usage | undefined

  return {
    read(chunk) {
      if (!isObject(chunk)) return []
      usage = usageOf(chunk.usage) ?? usage
      const choice = Array.isArray(chunk.choices) ? chunk.choices.find(isFirst) : undefined
      if (!isObject(choice)) return []
      if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '')
        finish = choice.finish_reason
      // `message`: a server that does not stream answers with one whole message.
      const delta = isObject(choice.delta) ? choice.delta : choice.message
      if (!isObject(delta)) return []
      for (const call of Array.isArray(delta.tool_calls) ? delta.tool_calls : []) addCall(calls, call)
      const reasoning = delta.reasoning_content ?? delta.reasoning
      const events: ProviderEvent[] = []
      if (typeof reasoning === 'string' && reasoning !== '')
        events.push({ type: 'reasoning', text: reasoning })
      if (typeof delta.content === 'string' && delta.content !== '')
        events.push({ type: 'text', text: delta.content })
      return events
    },
    get stopped() {
      return finish !== undefined
    },
    end() {
      if (finish === undefined) return []
      const stopReason = calls.length > 0 && finish === 'stop' ? 'tool_use' : reasonOf(finish)
      return [...calls.map(toolUse), usage ? { type: 'end', stopReason, usage } : { type: 'end', stopReason }]
    },
  }
}

/** In ConverseStream's words; what servers call it otherwise stands beside OpenAI's own. */
function reasonOf(finish: string): string {
  const word = finish.toLowerCase()
  return Object.entries(stopReasons).find(([, words]) => words.includes(word))?.[0] ?? finish
}

const stopReasons: Readonly<Record<string, readonly string[]>> = {
  end_turn: ['stop', 'eos', 'eos_token'],
  max_tokens: ['length', 'max_tokens', 'max_output_tokens'],
  tool_use: ['tool_calls', 'function_call'],
  content_filtered: ['content_filter', 'safety', 'recitation', 'prohibited_content', 'blocklist'],
  model_context_window_exceeded: ['model_length', 'context_length_exceeded'],
}

interface Call {
  index: unknown
  id: string
  name: string
  json: string
}

/** A call's first piece has its name; servers that send calls whole may give all of them the same index. */
function addCall(calls: Call[], piece: unknown): void {
  if (!isObject(piece)) return
  const { index, id, function: said } = piece
  const { name, arguments: input } = isObject(said) ? said : {}
  const json = typeof input === 'string' ? input : isObject(input) ? JSON.stringify(input) : ''
  const known = calls.findLast((call) => index === undefined || call.index === index)
  const begins = typeof name === 'string' && name !== ''
  const goesOn = known && (!begins || (known.id === id && known.name === name))
  if (goesOn) known.json += json
  else if (begins) {
    const own = typeof id === 'string' && id !== '' ? id : `call_${crypto.randomUUID()}`
    calls.push({ index, id: own, name, json })
  }
}

function usageOf(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined
  const {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    prompt_tokens_details: details,
  } = usage
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return undefined
  const cached = isObject(details) ? details.cached_tokens : undefined
  return { inputTokens, outputTokens, ...(typeof cached === 'number' ? { cacheReadTokens: cached } : {}) }
}

function isFirst(choice: unknown): boolean {
  return isObject(choice) && (choice.index === 0 || choice.index === undefined)
}
