export type JsonObject = Record<string, unknown>

/** Neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a text says that somebody else wrote; undefined when it is not JSON, or nested too deeply to be read. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** As models write JSON: also within a Markdown fence, or as a text in JSON that is JSON itself. undefined for none. */
export function looseJson(text: string): unknown {
  const value = parseJson(withoutFence(text))
  return typeof value === 'string' ? parseJson(withoutFence(value)) : value
}

function withoutFence(text: string): string {
  const inside = text.trim()
  if (!inside.startsWith('```') || !inside.endsWith('```')) return inside
  return inside.slice(inside.indexOf('\n') + 1, -3)
}
