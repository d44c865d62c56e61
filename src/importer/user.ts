import { isObject, type JsonObject } from '../base/json.ts'
import type { Block } from '../domain/message.ts'
import { cleanJson, textOrNone } from './clean-json.ts'
import type { EntryTools } from './entry-tools.ts'

export interface UserHalf {
  blocks: Block[]
  prompt: string | undefined
  images: number
}

/** What the person said or a tool answered; nothing for null, undefined for an unknown shape. */
export function readUser(user: unknown, tools: EntryTools): UserHalf | undefined {
  if (user === null || user === undefined) return { blocks: [], prompt: undefined, images: 0 }
  if (!isObject(user)) return undefined
  const content = contentOf(user.content, tools)
  if (!content) return undefined
  const images = Array.isArray(user.images) ? user.images.length : 0
  const words = content.prompt ?? (images > 0 ? `(${imagesWere(images)} not imported)` : undefined)
  const text: Block[] = words === undefined ? [] : [{ type: 'text', text: words }]
  return { blocks: [...content.results, ...text], prompt: content.prompt, images }
}

function imagesWere(images: number): string {
  return images === 1 ? 'an image, which was' : `${images} images, which were`
}

interface Content {
  prompt: string | undefined
  results: Block[]
}

function contentOf(content: unknown, tools: EntryTools): Content | undefined {
  if (content === null || content === undefined) return { prompt: undefined, results: [] }
  if (!isObject(content)) return undefined
  const { Prompt, ToolUseResults, CancelledToolUses } = content
  if (isObject(Prompt)) return { prompt: textOrNone(Prompt.prompt), results: [] }
  if (isObject(ToolUseResults)) return { prompt: undefined, results: resultsOf(ToolUseResults, tools) }
  if (isObject(CancelledToolUses)) {
    return { prompt: textOrNone(CancelledToolUses.prompt), results: resultsOf(CancelledToolUses, tools) }
  }
  return undefined
}

/** Only results of tools that the answer before used, each once. */
function resultsOf({ tool_use_results: results }: JsonObject, { open }: EntryTools): Block[] {
  if (!Array.isArray(results)) return []
  return results.flatMap((result: unknown): Block[] => {
    if (!isObject(result) || typeof result.tool_use_id !== 'string') return []
    const id = open.get(result.tool_use_id)
    if (id === undefined) return []
    open.delete(result.tool_use_id)
    const status = result.status === 'Success' ? 'success' : 'error'
    return [{ type: 'tool_result', id, content: resultText(result.content), status }]
  })
}

function resultText(content: unknown): string {
  const parts = Array.isArray(content) ? content : []
  return parts
    .flatMap((part: unknown) => {
      if (!isObject(part)) return []
      if (typeof part.Text === 'string') return [part.Text.toWellFormed()]
      return part.Json === undefined || part.Json === null ? [] : [JSON.stringify(cleanJson(part.Json))]
    })
    .join('\n')
}
