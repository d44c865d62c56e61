import type { IncomingMessage } from 'node:http'
import { eventData } from '../../base/event-data.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { cutFailure } from '../failures.ts'
import type { ProviderEvent, Timeouts } from '../provider.ts'
import { within } from '../within.ts'
import { readChat } from './openai-events.ts'
import { type ChatCircumstances, ServerRefused } from './openai-failures.ts'
import { bodyOf } from './openai-http.ts'

/** How long to wait for the usage that follows a complete answer, in ms. */
const usageMs = 2000

/** The events of one response, to its end. @throws ServerRefused, TooSlow, Stopped, what the socket throws */
export async function* chatEvents(
  response: IncomingMessage,
  timeouts: Timeouts,
  signal: AbortSignal,
  around: ChatCircumstances,
): AsyncGenerator<ProviderEvent> {
  const chat = readChat()
  const chunks = chunksOf(response)
  for (;;) {
    const wait = chat.stopped ? usageMs : around.begun ? timeouts.betweenEventsMs : timeouts.firstEventMs
    const next = await within(chunks.next(), wait, signal).catch((error: unknown) => {
      // The answer is whole; only its usage is missing.
      if (chat.stopped && !signal.aborted) return { done: true as const, value: undefined }
      throw error
    })
    if (next.done) break
    for (const chunk of next.value) {
      const events = chat.read(chunkOf(chunk))
      around.begun ||= events.length > 0
      yield* events
    }
  }
  const end = chat.end()
  yield* end.length > 0 ? end : [cutFailure(around.begun)]
}

/** The chunks, as text, that came together. @throws ServerRefused for an answer that is none */
async function* chunksOf(response: IncomingMessage): AsyncGenerator<string[]> {
  const type = response.headers['content-type'] ?? ''
  if (/json/.test(type) && !/event-stream|ndjson/.test(type)) {
    yield [await bodyOf(response, 50_000_000)]
    return
  }
  if (/html/.test(type)) throw new ServerRefused(404, 'it answered with a web page')
  for await (const events of eventData(response)) {
    const end = events.indexOf('[DONE]')
    yield end === -1 ? events : events.slice(0, end)
    if (end !== -1) return
  }
}

/** @throws ServerRefused for an error in the stream */
function chunkOf(data: string): unknown {
  const chunk = parseJson(data)
  if (chunk === undefined)
    throw new ServerRefused(200, `it sent something that is not JSON: ${data.slice(0, 80)}`)
  if (!isObject(chunk) || !chunk.error) return chunk
  const { error } = chunk
  throw new ServerRefused(statusIn(error) ?? statusIn(chunk) ?? 500, data)
}

/** An HTTP status under one of the names that it has in a stream. */
function statusIn(error: unknown): number | undefined {
  if (!isObject(error)) return undefined
  return [error.code, error.status_code, error.status]
    .map(Number)
    .find((status) => Number.isInteger(status) && status >= 400 && status < 600)
}
