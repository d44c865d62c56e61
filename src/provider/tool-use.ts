import { isObject, looseJson } from '../base/json.ts'
import type { ProviderEvent } from './provider.ts'

/** A model's call of a tool, whose input came in pieces of JSON; what is not an object is said to be malformed. */
export function toolUse({ id, name, json }: { id: string; name: string; json: string }): ProviderEvent {
  const input = json.trim() === '' ? {} : looseJson(json)
  if (isObject(input)) return { type: 'tool_use', id, name, input }
  return { type: 'tool_use', id, name, input: {}, malformed: json }
}
