import type { ProviderEvent, Usage } from '../provider.ts'
import { toolUse } from '../tool-use.ts'
import type { ConverseStreamOutput } from './aws/aws-sdk.ts'

/** Reads the events of one answer in order and says what each of them means. */
export interface Answer {
  /** What the event adds to the answer; nothing for an event of a kind that is not known. */
  read(event: ConverseStreamOutput): ProviderEvent[]
  /** The service said why it stopped: every part of the answer is there. */
  readonly stopped: boolean
  /** The usage came as well: nothing more will. */
  readonly complete: boolean
  /** The `end` of the answer, or undefined if it never came to one. */
  end(): ProviderEvent | undefined
}

export function readAnswer(): Answer {
  const tools = new Map<number, { id: string; name: string; json: string }>()
  let stopReason: string | undefined
  let usage: Usage | undefined

  return {
    read(event) {
      if (event.contentBlockStart) {
        const { contentBlockIndex = 0, start } = event.contentBlockStart
        const toolUseId = words(start?.toolUse?.toolUseId)
        const name = words(start?.toolUse?.name)
        if (toolUseId && name) tools.set(contentBlockIndex, { id: toolUseId, name, json: '' })
      } else if (event.contentBlockDelta) {
        const { contentBlockIndex = 0, delta } = event.contentBlockDelta
        const text = words(delta?.text)
        if (text) return [{ type: 'text', text }]
        const reasoning = words(delta?.reasoningContent?.text)
        if (reasoning) return [{ type: 'reasoning', text: reasoning }]
        const tool = tools.get(contentBlockIndex)
        if (tool) tool.json += words(delta?.toolUse?.input)
      } else if (event.contentBlockStop) {
        const index = event.contentBlockStop.contentBlockIndex ?? 0
        const tool = tools.get(index)
        tools.delete(index)
        if (tool) return [toolUse(tool)]
      } else if (event.messageStop) {
        stopReason = words(event.messageStop.stopReason) || 'end_turn'
        const unclosed = [...tools.values()].map(toolUse)
        tools.clear()
        return unclosed
      } else if (event.metadata) {
        usage = usageOf(event.metadata.usage)
      }
      return []
    },
    get stopped() {
      return stopReason !== undefined
    },
    get complete() {
      return stopReason !== undefined && usage !== undefined
    },
    end() {
      if (stopReason === undefined) return undefined
      return usage ? { type: 'end', stopReason, usage } : { type: 'end', stopReason }
    },
  }
}

type Counted = NonNullable<ConverseStreamOutput['metadata']>['usage']

/** Bedrock counts what it takes from the cache or puts there beside `inputTokens`. */
function usageOf(counted: Counted): Usage {
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = counted ?? {}
  const read = number(cacheReadInputTokens)
  const written = number(cacheWriteInputTokens)
  return {
    inputTokens: (number(inputTokens) ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: number(outputTokens) ?? 0,
    ...(read === undefined ? {} : { cacheReadTokens: read }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
  }
}

/** What the service sent was not checked. */
function words(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
