import { isObject, type JsonObject } from '../../base/json.ts'
import { clockTime } from '../../text/when.ts'
import { cut, isText, maxDetail } from '../told-words.ts'

/** Of a `session.status` that is `retry`. */
export function retryWords({ next, message }: JsonObject, now: number): string {
  const at = typeof next === 'number' ? ` at ${clockTime(next, now)}` : ''
  return cut(`retries${at}${isText(message) ? `: ${message}` : ''}`, maxDetail)
}

export function errorWords({ name, data }: JsonObject): string {
  const message = isObject(data) ? data.message : undefined
  return cut(isText(message) ? message : isText(name) ? name : 'it failed, and says not why', maxDetail)
}

/** What a yes to all of the kind would let through, of a permission's `always`. */
export function trustWords(always: unknown): string | undefined {
  if (!Array.isArray(always)) return undefined
  const patterns = always.filter(isText)
  return patterns.length === 0 ? undefined : cut(`${patterns.join(', ')}, until it ends`, maxDetail)
}
