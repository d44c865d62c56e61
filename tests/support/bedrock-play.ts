import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { constants, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutInHalf, eventFrame, exceptionFrame, garbageFrame, withBadChecksum } from './bedrock-framing.ts'
import type { Fault, Reply, Step } from './bedrock-script.ts'
import type { Response, SeenRequest } from './bedrock-server.ts'

/** Answers one request step by step, and notes in `seen` how it ended. `reset` breaks its TCP connection. */
export async function play(
  reply: Reply,
  answer: Response,
  seen: SeenRequest,
  reset: () => void,
): Promise<void> {
  // Both kinds answer alike here; a union of them cannot be called.
  const response = answer as ServerResponse
  const gone = new AbortController()
  response.on('close', () => {
    seen.end = response.writableEnded ? 'complete' : 'left'
    gone.abort()
  })
  response.on('error', () => gone.abort())
  for (const step of reply) {
    if (gone.signal.aborted) return
    const more = await perform(step, response, gone.signal, reset)
    if (more === 'last') return
  }
  response.end()
}

async function perform(
  step: Step,
  response: ServerResponse,
  gone: AbortSignal,
  reset: () => void,
): Promise<'more' | 'last'> {
  if (step.do === 'wait') await sleep(step.ms, undefined, { signal: gone }).catch(() => {})
  else if (step.do === 'gate') await Promise.race([step.until, aborted(gone)])
  else if (step.do === 'event') await write(response, eventFrame(step.type, step.payload), gone)
  else if (step.do === 'exception') await write(response, exceptionFrame(step.type, step.message), gone)
  else if (step.do === 'status') return refuse(step, response)
  else return breakOff(step.fault, response, gone, reset)
  return 'more'
}

function refuse(step: Extract<Step, { do: 'status' }>, response: ServerResponse): 'last' {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': step.error, ...step.headers }
  response.writeHead(step.status, headers)
  response.end(step.error === '' ? step.message : JSON.stringify({ message: step.message }))
  return 'last'
}

async function breakOff(
  fault: Fault,
  response: ServerResponse,
  gone: AbortSignal,
  reset: () => void,
): Promise<'more' | 'last'> {
  const frame = eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'broken' } })
  if (fault === 'silence') await aborted(gone)
  if (fault === 'tcp') reset()
  if (fault === 'reset') streamOf(response)?.close(constants.NGHTTP2_INTERNAL_ERROR)
  if (fault === 'bad-crc') await write(response, withBadChecksum(frame), gone)
  if (fault === 'truncated') await write(response, cutInHalf(frame), gone)
  if (fault === 'garbage') await write(response, garbageFrame, gone)
  if (fault === 'garbage') return 'more'
  if (fault === 'fin' || fault === 'bad-crc' || fault === 'truncated') response.end()
  return 'last'
}

async function write(response: ServerResponse, bytes: Uint8Array, gone: AbortSignal): Promise<void> {
  if (!response.headersSent) {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
  }
  const room = response.write(bytes)
  if (!room && !gone.aborted) await once(response, 'drain', { signal: gone }).catch(() => {})
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function streamOf(response: unknown): ServerHttp2Stream | undefined {
  return response instanceof Http2ServerResponse ? response.stream : undefined
}
