/**
 * Whether a service refused a request because it is longer than the model's window, or than the service takes: the
 * words of Bedrock, OpenAI, Anthropic, vLLM, llama.cpp, Ollama, LM Studio and what stands before them.
 */
export function isTooLong(status: number | undefined, said: string): boolean {
  if (status === 413) return true
  if (status === 401 || status === 403 || status === 404) return false
  const words = said.slice(0, 4000)
  // Other words about tokens that come with it are about how many a minute.
  if (status === 429) return /request too large/i.test(words)
  return tooLong.some((pattern) => pattern.test(words))
}

/** Each begins with a word and goes on for a bounded length: linear. */
const tooLong: readonly RegExp[] = [
  /context_length_exceeded|exceed_context_size|context_window_exceeded|request_too_large|RequestEntityTooLarge/i,
  /context (?:length|window|size|limit)s?\b.{0,80}(?:exceed|overflow|too (?:long|large)|not enough|is only|reached|full)/i,
  /(?:exceed|overflow|larger than|longer than|greater than|too (?:long|large) for|more than|reached).{0,80}context (?:length|window|size|limit)/i,
  /maximum (?:context|prompt|model|input|sequence) length/i,
  /maximum.{0,40}(?:allowed |input |context )tokens|tokens?.{0,40}(?:>|exceeds?) .{0,30}maximum/i,
  /maximum number of (?:input |prompt )?tokens/i,
  /too many (?:input |prompt |total )*(?:tokens(?! per)|text bytes)/i,
  /(?:prompt|input|inputs|request|conversation|messages?|payload|entity|body|text) (?:is |are |was )?too (?:long|large)\b/i,
  /(?:input|prompt) (?:length|tokens?|token count)\b.{0,60}(?:exceed|longer|greater)/i,
  /input tokens exceeded|exceeds?.{0,40}(?:number of|input|prompt|model's|maximum).{0,20}tokens/i,
  /reduce the (?:length|size|number) of (?:the |your )?(?:messages|prompt|input|context)/i,
  /(?:inputs|tokens).{0,60}must (?:be <=|have less than)/i,
  /when context (?:the )?overflows|context overflow|tokens to keep from the initial prompt/i,
  /expected maxLength: \d+, actual: \d+/i,
  /physical batch size/i,
]
