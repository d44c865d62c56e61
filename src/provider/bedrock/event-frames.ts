import { isObject, parseJson } from '../../base/json.ts'
import type { AwsSdk, ConverseStreamOutput } from './aws/aws-sdk.ts'

type Codec = Pick<InstanceType<AwsSdk['EventStreamCodec']>, 'decode'>
type Frame = ReturnType<Codec['decode']>

/** More than a frame of the service ever has, in bytes: AWS's own limit is 24 MB. */
const maxFrameBytes = 24 * 1024 * 1024

/**
 * The events of an answer, those that came together in one piece: `application/vnd.amazon.eventstream`, whose frames
 * begin with their length. The SDK's own way through its schemas takes twice the time of all else that an answer takes.
 * @throws Error for a frame that is none or is cut off, and under its own name what the service says went wrong
 */
export async function* eventBatches(
  body: AsyncIterable<Uint8Array>,
  codec: Codec,
): AsyncGenerator<ConverseStreamOutput[]> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    waiting.push(piece)
    length += piece.length
    if (length < frameLength(waiting)) continue
    const { frames, rest } = framesIn(Buffer.concat(waiting, length))
    waiting = rest.length > 0 ? [rest] : []
    length = rest.length
    const events: ConverseStreamOutput[] = []
    for (const frame of frames) {
      const decoded = codec.decode(frame)
      const failure = failureIn(decoded)
      if (failure) {
        if (events.length > 0) yield events
        throw failure
      }
      events.push(eventIn(decoded))
    }
    yield events
  }
  if (length > 0) throw new Error('Truncated event message received.')
}

function framesIn(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = []
  let at = 0
  for (;;) {
    const end = at + frameLength([bytes.subarray(at)])
    if (end > bytes.length) return { frames, rest: bytes.subarray(at) }
    frames.push(bytes.subarray(at, end))
    at = end
  }
}

/** How long the frame is that begins here; the four bytes that say so may not be there yet. */
function frameLength(pieces: readonly Uint8Array[]): number {
  const [first] = pieces
  const head = first && first.length >= 4 ? first : Buffer.concat(pieces)
  if (head.length < 4) return 4
  const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0)
  if (length < 16 || length > maxFrameBytes)
    throw new Error(`what came cannot be read (a frame of ${length} bytes)`)
  return length
}

/** What is not known is an event of its own name, which nobody reads. */
function eventIn({ headers, body }: Frame): ConverseStreamOutput {
  const said = parseJson(textOf(body))
  return { [header(headers, ':event-type')]: isObject(said) ? said : {} } as unknown as ConverseStreamOutput
}

function failureIn({ headers, body }: Frame): Error | undefined {
  const type = header(headers, ':message-type')
  if (type === 'event') return undefined
  if (type === 'error')
    return failed(header(headers, ':error-code'), header(headers, ':error-message') || 'UnknownError')
  if (type !== 'exception') return new Error(`Unrecognizable event type: ${header(headers, ':event-type')}`)
  const text = textOf(body)
  const said = parseJson(text)
  const message = isObject(said) ? (said.message ?? said.Message) : text
  const name = header(headers, ':exception-type')
  return failed(name.charAt(0).toUpperCase() + name.slice(1), typeof message === 'string' ? message : text)
}

function failed(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

function header(headers: Frame['headers'], name: string): string {
  const value = headers[name]?.value
  return typeof value === 'string' ? value : ''
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
}
