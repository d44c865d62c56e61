import type { ServerRefused } from './openai-failures.ts'
import type { Without } from './openai-request.ts'

/** Leaves out what the server says it does not know; false when there is nothing more to leave out. */
export function adjusted({ status, message }: ServerRefused, without: Without): boolean {
  if (status < 400 || status >= 500) return false
  if (/stream_options/.test(message) && !without.streamOptions) {
    without.streamOptions = true
    return true
  }
  if (
    /tools?\b.{0,60}(not support|unsupported|requires)|not support.{0,20}tools?|requires --jinja/i.test(
      message,
    ) &&
    !without.tools
  ) {
    without.tools = true
    return true
  }
  return false
}
