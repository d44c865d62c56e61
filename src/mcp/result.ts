import { isObject, type JsonObject } from '../base/json.ts'

/** What a call brought, for a model. */
export interface CallResult {
  content: string
  status: 'success' | 'error'
}

/** A server's result as text: what is no text is named in words. */
export function resultOf(raw: unknown): CallResult {
  const result = asObject(raw)
  const blocks = Array.isArray(result.content) ? result.content.map((block) => wordsOf(asObject(block))) : []
  // A server that is to be understood by older programs says the same as text.
  if (blocks.length === 0 && result.structuredContent !== undefined)
    blocks.push(JSON.stringify(result.structuredContent))
  const content = blocks.join('\n').toWellFormed()
  return {
    content: content.trim() === '' ? '(nothing)' : content,
    status: result.isError === true ? 'error' : 'success',
  }
}

function wordsOf(block: JsonObject): string {
  switch (block.type) {
    case 'text':
      return text(block.text)
    case 'image':
    case 'audio':
      return `[${block.type === 'image' ? 'an image' : 'a sound'} of type ${text(block.mimeType) || 'unknown'}, ${bytes(block.data)}: it cannot be shown here]`
    case 'resource_link':
      return `[a resource: ${[text(block.name), text(block.uri), text(block.description)].filter(Boolean).join(' · ')}]`
    case 'resource': {
      const { uri, text: body, blob, mimeType } = asObject(block.resource)
      if (typeof body === 'string') return `[the resource ${text(uri)}:]\n${body}`
      return `[the resource ${text(uri)} of type ${text(mimeType) || 'unknown'}, ${bytes(blob)}: it cannot be shown here]`
    }
    default:
      return `[something of the kind ${JSON.stringify(block.type ?? null)}: it cannot be shown here]`
  }
}

/** Of base64. */
function bytes(data: unknown): string {
  return `${typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0} bytes`
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}
