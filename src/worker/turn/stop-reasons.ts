import { oneLine } from '../../text/plain-text.ts'

/** What is to be said of how an answer ended; empty for one that ended as it should. */
export function stopWords(stopReason: string): string {
  if (regular.has(stopReason)) return ''
  return known[stopReason] ?? `ended: ${oneLine(stopReason)}`
}

/** Whether there is less of the answer than the model would have said. */
export function isCutShort(stopReason: string): boolean {
  return stopReason in known
}

const regular = new Set(['end_turn', 'stop_sequence', 'tool_use'])

const filtered = 'cut: the service kept back the rest of the answer (a filter or guardrail)'
const malformed = 'cut: the model sent something that the service could not read; /retry asks again'

const known: Readonly<Record<string, string>> = {
  max_tokens: 'cut at the most tokens of one answer; say "go on"',
  model_context_window_exceeded: 'cut: the window is full; say "go on"',
  content_filtered: filtered,
  guardrail_intervened: filtered,
  refusal: filtered,
  malformed_model_output: malformed,
  malformed_tool_use: malformed,
}
