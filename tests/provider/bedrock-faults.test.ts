import { expect, test } from 'vitest'
import { endless, exception, fault, type Reply, start, stop, text, wait } from '../support/bedrock-script.ts'
import { ask, bedrock, failureIn, said, serve, timeouts, until, user } from './harness.ts'

/** Only silence may run into it: on a busy machine all else takes its time. */
const short = { ...timeouts, betweenEventsMs: 300 }
const after = (...steps: Parameters<typeof Array.of>) =>
  [start(), text('so far'), wait(20), ...steps] as unknown as Reply

test.each<[string, Reply, string, RegExp]>([
  ['a TCP reset', after(fault('tcp')), 'cut', /broke off/],
  ['RST_STREAM', after(fault('reset')), 'cut', /broke off/],
  ['a clean end without messageStop', after(fault('fin')), 'cut', /broke off/],
  ['a frame with a wrong checksum', after(fault('bad-crc')), 'cut', /checksum/],
  ['a truncated frame', after(fault('truncated')), 'cut', /[Tt]runcated/],
  ['garbage', after(fault('garbage'), fault('silence')), 'timeout', /nothing more came for 0.3 s/],
  ['silence', after(fault('silence')), 'timeout', /nothing more came for 0.3 s/],
  ['an exception of the model', after(exception('modelStreamErrorException', 'oops')), 'service', /oops/],
  ['an exception of the service', after(exception('internalServerException', 'oops')), 'service', /oops/],
  ['unavailability', after(exception('serviceUnavailableException', 'oops')), 'service', /oops/],
  ['a validation exception', after(exception('validationException', 'odd')), 'invalid', /odd/],
  ['throttling', after(exception('throttlingException', 'slowly')), 'throttled', /slowly/],
  ['an exception of an unknown kind', after(exception('newException', 'what')), 'service', /what/],
])(
  'after %s in mid-answer the part is kept, the failure is said, and the next line works',
  async (...row) => {
    const [, reply, kind, message] = row
    const server = await serve()
    const provider = bedrock(server.url, undefined, { timeouts: kind === 'timeout' ? short : timeouts })
    server.respondWith(reply)
    const events = await ask(provider)
    expect(said(events)).toBe('so far')
    expect(failureIn(events)).toMatchObject({ kind, message: expect.stringMatching(message) })
    expect(said(await ask(provider, 'say again'))).toBe('again')
  },
)

test.each<[string, Reply, string]>([
  ['silence', [fault('silence')], 'timeout'],
  ['a clean end', [fault('fin')], 'cut'],
  ['RST_STREAM', [fault('reset')], 'network'],
  ['a TCP reset', [fault('tcp')], 'network'],
])('%s instead of an answer is a failure', async (_name, reply, kind) => {
  const server = await serve()
  server.respondWith(reply)
  expect(
    failureIn(
      await ask(
        bedrock(server.url, undefined, {
          timeouts: kind === 'timeout' ? { ...timeouts, firstEventMs: 300 } : timeouts,
        }),
      ),
    ),
  ).toMatchObject({ kind })
})

test.each(['tcp', 'reset', 'bad-crc'] as const)(
  'a complete answer ends well though %s follows',
  async (broken) => {
    const server = await serve()
    server.respondWith([start(), text('all'), stop(), wait(20), fault(broken)])
    expect((await ask(bedrock(server.url))).at(-1)).toEqual({ type: 'end', stopReason: 'end_turn' })
  },
)

test('Ctrl-C ends an endless answer and the request with it', async () => {
  const server = await serve()
  server.respondWith(endless('more ', 1))
  const stopper = new AbortController()
  const events = bedrock(server.url).stream({ messages: [user('go')] }, stopper.signal)
  let pieces = 0
  let last = ''
  for await (const event of events) {
    last = event.type === 'failure' ? event.kind : event.type
    if (++pieces === 20) stopper.abort()
  }
  expect(last).toBe('aborted')
  await until(() => server.requests[0]?.end === 'left', 'the server saw the client leave')
})
