import { EventStreamCodec } from '@smithy/eventstream-codec'
import { fromUtf8, toUtf8 } from '@smithy/util-utf8'

/** One frame of `application/vnd.amazon.eventstream` that carries an event of ConverseStream. */
export function eventFrame(type: string, payload: unknown): Uint8Array {
  return frame(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    payload,
  )
}

/** An exception as Bedrock sends it inside a stream; `type` in camelCase: `throttlingException`. */
export function exceptionFrame(type: string, message: string): Uint8Array {
  const headers = {
    ':message-type': 'exception',
    ':exception-type': type,
    ':content-type': 'application/json',
  }
  return frame(headers, { message })
}

/** The same frame with a checksum that does not fit. */
export function withBadChecksum(bytes: Uint8Array): Uint8Array {
  const broken = Uint8Array.from(bytes)
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 0xff
  return broken
}

/** A frame's first half: the sender stopped in the middle. */
export function cutInHalf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

/** Bytes that claim to be a frame of half a gigabyte. */
export const garbageFrame = Uint8Array.from([0, 0x20, 0, 0, 0, 0, 0, 9, ...fromUtf8('not a frame at all')])

const codec = new EventStreamCodec(toUtf8, fromUtf8)

function frame(headers: Record<string, string>, payload: unknown): Uint8Array {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }])
  return codec.encode({ headers: Object.fromEntries(typed), body: fromUtf8(JSON.stringify(payload)) })
}
