/** What the server does next while it answers one request. */
export type Step =
  | { do: 'event'; type: string; payload: unknown }
  | { do: 'exception'; type: string; message: string }
  | { do: 'wait'; ms: number }
  | { do: 'gate'; until: Promise<unknown> }
  /** An HTTP error in AWS's shape; only as the first step. */
  | { do: 'status'; status: number; error: string; message: string; headers?: Record<string, string> }
  | { do: 'fault'; fault: Fault }

/**
 * `reset`: RST_STREAM. `tcp`: the connection is reset. `fin`: the answer ends as if it were complete. `silence`:
 * nothing more is ever sent. The other three send a broken frame.
 */
export type Fault = 'reset' | 'tcp' | 'fin' | 'silence' | 'bad-crc' | 'truncated' | 'garbage'

/** An answer; a generator may go on for ever. */
export type Reply = Iterable<Step>

export const wait = (ms: number): Step => ({ do: 'wait', ms })
export const gate = (until: Promise<unknown>): Step => ({ do: 'gate', until })
export const fault = (fault: Fault): Step => ({ do: 'fault', fault })
export const exception = (type: string, message: string): Step => ({ do: 'exception', type, message })

export function status(
  status: number,
  error: string,
  message: string,
  headers?: Record<string, string>,
): Step {
  return headers
    ? { do: 'status', status, error, message, headers }
    : { do: 'status', status, error, message }
}

export const start = (): Step => event('messageStart', { role: 'assistant' })

export const text = (piece: string): Step =>
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: piece } })

/** A thought of the model, which is no part of its answer. */
export const reasoning = (piece: string): Step =>
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: piece } } })

/** A tool use in block `index`, its input in the pieces given. */
export function tool(id: string, name: string, pieces: readonly string[], index = 1): Step[] {
  return [
    event('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId: id, name } } }),
    ...pieces.map((input) =>
      event('contentBlockDelta', { contentBlockIndex: index, delta: { toolUse: { input } } }),
    ),
    event('contentBlockStop', { contentBlockIndex: index }),
  ]
}

export const stop = (stopReason = 'end_turn'): Step => event('messageStop', { stopReason })

/** `cached`: what was taken from the cache and put there, which Bedrock does not count among `inputTokens`. */
export function metadata(inputTokens = 3, outputTokens = 5, cached?: { read: number; write: number }): Step {
  const cache = cached && { cacheReadInputTokens: cached.read, cacheWriteInputTokens: cached.write }
  const usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, ...cache }
  return event('metadata', { usage, metrics: { latencyMs: 1 } })
}

/** A whole answer of text in pieces. */
export function say(...pieces: readonly string[]): Step[] {
  return answer(pieces.map(text))
}

/** The steps between a message's start and its regular end. */
export function answer(steps: readonly Step[], stopReason = 'end_turn'): Step[] {
  const blockStop = event('contentBlockStop', { contentBlockIndex: 0 })
  return [start(), ...steps, ...(stopReason === 'end_turn' ? [blockStop] : []), stop(stopReason), metadata()]
}

/** Pieces that never end, one every `ms`. */
export function* endless(piece: string, ms: number): Generator<Step> {
  yield start()
  for (;;) {
    yield text(piece)
    yield wait(ms)
  }
}

export function event(type: string, payload: unknown): Step {
  return { do: 'event', type, payload }
}
