import { EventStreamCodec } from '@smithy/eventstream-codec'
import { fromUtf8, toUtf8 } from '@smithy/util-utf8'
import { expect, test } from 'vitest'
import { eventBatches } from '../../src/provider/bedrock/event-frames.ts'
import { eventFrame, exceptionFrame } from '../support/bedrock-framing.ts'
import { rejectionOf } from '../support/thrown.ts'

const codec = new EventStreamCodec(toUtf8, fromUtf8)
const frames = [
  eventFrame('messageStart', { role: 'assistant' }),
  eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'größer 🙂' } }),
  eventFrame('newKind', { of: 'event' }),
  eventFrame('messageStop', { stopReason: 'end_turn' }),
]
const events = [
  { messageStart: { role: 'assistant' } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'größer 🙂' } } },
  { newKind: { of: 'event' } },
  { messageStop: { stopReason: 'end_turn' } },
]

async function read(...pieces: Uint8Array[]): Promise<unknown[][]> {
  const batches: unknown[][] = []
  async function* body() {
    yield* pieces
  }
  for await (const batch of eventBatches(body(), codec)) batches.push(batch)
  return batches
}

test('frames that came together are one batch, wherever the pieces are cut', async () => {
  const whole = Buffer.concat(frames)
  expect(await read(whole)).toEqual([events])
  expect(await read(...frames)).toEqual(events.map((event) => [event]))
  for (let at = 1; at < whole.length; at += 1)
    expect((await read(whole.subarray(0, at), whole.subarray(at))).flat(), `cut at ${at}`).toEqual(events)
  const bytes = Array.from(whole, (byte) => Uint8Array.of(byte))
  expect((await read(...bytes)).flat()).toEqual(events)
})

test('an exception is thrown under the name that the SDK gives it, after what came before it', async () => {
  const seen: unknown[] = []
  const failure = await rejectionOf(
    (async () => {
      async function* body() {
        yield Buffer.concat([...frames.slice(0, 2), exceptionFrame('throttlingException', 'slowly')])
      }
      for await (const batch of eventBatches(body(), codec)) seen.push(...batch)
    })(),
  )
  expect(seen).toEqual(events.slice(0, 2))
  expect(failure).toMatchObject({ name: 'ThrottlingException', message: 'slowly' })
})

test.each([
  ['a frame that is cut off', Buffer.concat(frames).subarray(0, -1), /Truncated/],
  ['a frame that claims more than there can be', Uint8Array.of(0x20, 0, 0, 0, 0), /cannot be read/],
  ['a frame shorter than its own head', Uint8Array.of(0, 0, 0, 3, 1), /cannot be read/],
  ['a wrong checksum', withOneBitMore(frames[1] ?? new Uint8Array()), /checksum/],
])('%s is refused', async (_, bytes, message) => {
  expect(await rejectionOf(read(bytes))).toMatchObject({ message: expect.stringMatching(message) })
})

function withOneBitMore(frame: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame)
  copy[copy.length - 10] = (copy[copy.length - 10] ?? 0) ^ 1
  return copy
}
