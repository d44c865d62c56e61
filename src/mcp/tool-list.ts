import { isObject } from '../base/json.ts'
import { oneLine } from '../text/plain-text.ts'
import { sanitize } from '../text/sanitizer.ts'

/** A tool as a server describes it, cleaned: it can be told to a model and printed. */
export interface ListedTool {
  name: string
  description: string
  /** Its root is an object with nothing at the top that a model's service refuses. */
  schema: Record<string, unknown>
}

export interface ToolList {
  tools: ListedTool[]
  /** Which tools were left out and why, as one line; empty if none. */
  leftOut: string
}

/** Of one server. `all`: UTF-16 units of everything that the model is told of it. */
const caps = { tools: 128, name: 100, description: 4000, schema: 50_000, depth: 32, all: 300_000 }

/**
 * Takes what can be used out of a server's list. One tool that a model's service would refuse makes it refuse every
 * request, so those are left out.
 */
export function cleanTools(
  raw: readonly unknown[],
  isSchema: (schema: Record<string, unknown>) => boolean,
): ToolList {
  const tools: ListedTool[] = []
  const left: string[] = []
  let size = 0
  for (const one of raw) {
    const tool = tools.length < caps.tools ? read(one, isSchema) : `more than ${caps.tools} tools`
    if (typeof tool === 'string') left.push(tool)
    else if (tools.some(({ name }) => name === tool.name)) left.push(`${tool.name} stands there twice`)
    else {
      size += JSON.stringify(tool).length
      if (size > caps.all) left.push(`more than ${caps.all} characters`)
      else tools.push(tool)
    }
  }
  return { tools, leftOut: wordsFor(left) }
}

/** A list as `JSON.parse` brings it back from where it was kept; undefined if it is none. */
export function asToolList(value: unknown): ToolList | undefined {
  if (!isObject(value) || !Array.isArray(value.tools) || typeof value.leftOut !== 'string') return undefined
  const { tools, leftOut } = cleanTools(value.tools.map(asListed), () => true)
  return leftOut === '' ? { tools, leftOut: oneLine(value.leftOut) } : undefined
}

function asListed(value: unknown): unknown {
  return isObject(value) ? { ...value, inputSchema: value.schema } : undefined
}

/** A string says why it is left out. */
function read(raw: unknown, isSchema: (schema: Record<string, unknown>) => boolean): ListedTool | string {
  if (!isObject(raw) || typeof raw.name !== 'string') return 'one without a name'
  const { name } = raw
  if (name.length > caps.name || !/^[\w./-]+$/.test(name))
    return `${oneLine(name, 40)}: not a name for a tool`
  const described = typeof raw.description === 'string' ? clean(raw.description, caps.description) : ''
  const schema = rootOf(raw.inputSchema)
  if (typeof schema === 'string') return `${name}: ${schema}`
  if (!isSchema(schema)) return `${name}: its schema is not valid`
  return { name, description: described === '' ? name : described, schema }
}

/** What services take at the root: an object's properties. What else a server checks there, it still checks itself. */
function rootOf(schema: unknown): Record<string, unknown> | string {
  if (!isObject(schema) || schema.type !== 'object') return 'its schema is not an object’s'
  if (!isShallow(schema, caps.depth)) return 'its schema is too deep'
  if (JSON.stringify(schema).length > caps.schema) return 'its schema is too long'
  const properties = isObject(schema.properties) ? schema.properties : {}
  if (Object.keys(properties).some((key) => !/^[\w.-]{1,64}$/.test(key)))
    return 'a parameter has no usable name'
  const kept = ['required', 'additionalProperties', '$defs', 'definitions'].filter((key) => key in schema)
  return { type: 'object', properties, ...Object.fromEntries(kept.map((key) => [key, schema[key]])) }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((one) => isShallow(one, depth - 1))
}

function clean(text: string, limit: number): string {
  const short = text.length > limit ? `${text.slice(0, limit - 1)}…` : text
  return sanitize(short.toWellFormed()).trim()
}

function wordsFor(left: readonly string[]): string {
  if (left.length === 0) return ''
  const shown = [...new Set(left)].slice(0, 3).join('; ')
  return oneLine(`${left.length === 1 ? '1 tool is' : `${left.length} tools are`} left out: ${shown}`, 300)
}
