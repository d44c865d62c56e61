import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { retryAfter } from '../../src/provider/http/retry-after.ts'
import { openaiProvider } from '../../src/provider/openai/openai.ts'
import type { Failure, Pause, Provider, ProviderEvent } from '../../src/provider/provider.ts'
import { patient, type RetryClock, retryClock } from '../../src/provider/retry-provider.ts'
import {
  answer,
  exception,
  fault,
  reasoning,
  say,
  start,
  status,
  text,
  wait,
} from '../support/bedrock-script.ts'
import {
  finish,
  reset,
  say as sayOpenai,
  startOpenaiServer,
  status as statusOpenai,
} from '../support/openai-server.ts'
import { random } from '../support/random.ts'
import { testClock } from '../support/retry-clock.ts'
import { all, bedrock, failureIn, keys, said, serve, settings, user } from './harness.ts'

const minutes = 60_000
const request = { messages: [user('hello')] }

/** What a provider with patience answers, and the pauses that it tells of. */
async function asked(
  provider: Provider,
  { retryFor = 10 * minutes, clock = testClock() as RetryClock, signal = new AbortController().signal } = {},
) {
  const pauses: (Pause | undefined)[] = []
  const events = await all(
    patient(provider, { retryFor, clock }).stream(request, signal, (pause) => void pauses.push(pause)),
  )
  return { events, pauses }
}

/** A provider that fails as told, one failure an attempt, and answers then. */
function failing(...failures: Omit<Failure, 'type' | 'message'>[]): Provider & { attempts: number } {
  return {
    name: 'openai',
    isModel: true,
    usualWindow: 32_000,
    label: 'one that fails',
    attempts: 0,
    async *stream(): AsyncGenerator<ProviderEvent> {
      this.attempts += 1
      const failure = failures.shift()
      if (failure) yield { type: 'failure', message: 'no', ...failure }
      else yield { type: 'end', stopReason: 'end_turn' }
    },
  }
}

const busy = { kind: 'service', again: { why: 'overloaded' } } as const
const forever = () => failing(...Array.from({ length: 500 }, () => ({ ...busy })))

test.each([
  [429, 'ThrottlingException', 'throttled'],
  [500, 'InternalServerException', 'failed'],
  [502, 'BadGateway', 'failed'],
  [503, 'ServiceUnavailableException', 'overloaded'],
  [504, 'GatewayTimeout', 'failed'],
  [529, 'OverloadedException', 'overloaded'],
])('Bedrock: %i %s is sent again, and the pause says why', async (code, name, why) => {
  const server = await serve()
  const refusal = [status(code, name, 'not now')]
  server.respondWith(refusal, refusal, say('at last'))
  const { events, pauses } = await asked(bedrock(server.url))
  expect(said(events)).toBe('at last')
  expect(events.some(({ type }) => type === 'failure')).toBe(false)
  expect(pauses).toMatchObject([
    { why, attempt: 2, message: expect.stringContaining('not now') },
    undefined,
    { why, attempt: 3 },
    undefined,
  ])
  expect(server.requests).toHaveLength(3)
})

test.each([400, 401, 403, 404, 408, 424])('Bedrock: %i is sent once', async (code) => {
  const server = await serve()
  server.respondWith([status(code, 'SomeException', 'no')])
  const { events, pauses } = await asked(bedrock(server.url))
  expect(failureIn(events).message).toContain('no')
  expect(pauses).toEqual([])
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['throttling', [exception('throttlingException', 'slowly')]],
  ['unavailability', [start(), exception('serviceUnavailableException', 'oops')]],
  [
    'a failure of the service behind a thought',
    [start(), reasoning('hm'), exception('internalServerException', 'x')],
  ],
  ['a reset', [fault('reset')]],
  ['a TCP reset', [fault('tcp')]],
  ['a clean end', [start(), fault('fin')]],
])('Bedrock: %s before anything was shown is sent again', async (_what, reply) => {
  const server = await serve()
  server.respondWith(reply)
  const { events, pauses } = await asked(bedrock(server.url))
  expect(events.at(-1)?.type).toBe('end')
  expect(pauses).toHaveLength(2)
})

test.each([
  ['throttling', exception('throttlingException', 'slowly')],
  ['a TCP reset', fault('tcp')],
])('%s after something was shown ends the turn with what came', async (_what, broken) => {
  const server = await serve()
  server.respondWith([start(), text('so far'), wait(20), broken])
  const { events, pauses } = await asked(bedrock(server.url))
  expect([said(events), failureIn(events).type, pauses]).toEqual(['so far', 'failure', []])
  expect(server.requests).toHaveLength(1)
})

test('a connection that is refused is tried again until somebody listens', async () => {
  const gone = await serve()
  await gone.close()
  const provider = bedrock(gone.url)
  const clock = testClock()
  const back: { server?: Awaited<ReturnType<typeof serve>> } = {}
  const patience: RetryClock = {
    ...clock,
    async sleep(ms, signal) {
      await clock.sleep(ms, signal)
      if (clock.rests.length === 3) back.server = await serve({ port: Number(new URL(gone.url).port) })
    },
  }
  const { events, pauses } = await asked(provider, { clock: patience })
  expect(said(events)).toContain('hello')
  expect(pauses.filter((pause) => pause).map((pause) => pause?.why)).toEqual(Array(3).fill('not reached'))
})

const openai = async (
  ...replies: Parameters<Awaited<ReturnType<typeof startOpenaiServer>>['respondWith']>
) => {
  const server = await startOpenaiServer()
  onTestFinished(() => server.close().catch(() => {}))
  server.respondWith(...replies)
  const provider = openaiProvider(
    settings({ provider: 'openai', id: 'm' }),
    { OPENAI_BASE_URL: server.url },
    { now: Date.now },
  )
  return { server, provider }
}

test.each([
  [429, { error: { message: 'slow down', type: 'rate_limit_exceeded' } }, 'throttled'],
  [503, 'Loading model', 'overloaded'],
  [500, { error: 'oops' }, 'failed'],
  [502, '<html>Bad Gateway</html>', 'failed'],
  [504, '', 'failed'],
  [425, '', 'failed'],
  [522, '<html>Connection timed out</html>', 'failed'],
  [529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
])('OpenAI-compatible: %i %j is sent again', async (code, body, why) => {
  const { server, provider } = await openai(statusOpenai(code, body), [reset], [sayOpenai('ok'), finish()])
  const { events, pauses } = await asked(provider)
  expect(said(events)).toBe('ok')
  expect(pauses.flatMap((pause) => pause?.why ?? [])).toEqual([why, 'not reached'])
  expect(server.requests).toHaveLength(3)
})

test.each([
  [400, 'bad'],
  [401, 'key'],
  [403, 'no'],
  [404, 'none'],
  [422, 'what'],
  [429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }],
  [429, { error: { message: 'Too many tokens per day, please wait before trying again.' } }],
])('OpenAI-compatible: %i %j is sent once', async (code, body) => {
  const { server, provider } = await openai(statusOpenai(code, body))
  const { events, pauses } = await asked(provider)
  expect([failureIn(events).type, pauses.length]).toEqual(['failure', 0])
  expect(server.requests.filter(({ path }) => path.endsWith('completions'))).toHaveLength(1)
})

test('an error in the stream counts by its status or its name, before anything was shown', async () => {
  const event = (error: object) => [{ type: 'raw' as const, text: `data: ${JSON.stringify({ error })}\n\n` }]
  const { provider } = await openai(
    event({ code: 503, message: 'no' }),
    event({ type: 'overloaded_error', message: 'Overloaded' }),
  )
  const { events, pauses } = await asked(provider)
  expect(events.at(-1)?.type).toBe('end')
  expect(pauses.flatMap((pause) => pause?.why ?? [])).toEqual(['overloaded', 'overloaded'])
})

test('patience ends after the time that is set, not after a number of attempts', async () => {
  const clock = testClock(() => 0.999)
  const { events } = await asked(forever(), { clock })
  const rested = clock.rests.reduce((sum, rest) => sum + rest, 0)
  expect(rested).toBeCloseTo(10 * minutes, 0)
  expect(Math.max(...clock.rests)).toBeLessThanOrEqual(30_000)
  expect(failureIn(events).message).toBe(`no (asked ${clock.rests.length + 1} times)`)
})

test('without patience, and without anybody to hear of pauses, a request is sent once', async () => {
  const clock = testClock()
  const impatient = forever()
  expect(failureIn((await asked(impatient, { retryFor: 0, clock })).events).message).toBe('no')
  const unheard = forever()
  await all(patient(unheard, { retryFor: 10 * minutes, clock }).stream(request, new AbortController().signal))
  expect([impatient.attempts, unheard.attempts, clock.rests]).toEqual([1, 1, []])
})

test('rests grow, each a random part of twice the last, on top of what the service asks for', async () => {
  const clock = testClock(() => 0.5)
  await asked(failing(busy, busy, busy, busy, busy, busy, busy), { clock })
  expect(clock.rests).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
  const told = testClock(() => 0.5)
  await asked(failing({ kind: 'throttled', again: { why: 'throttled', after: 12_000 } }), { clock: told })
  expect(told.rests).toEqual([12_500])
})

test.each([undefined, 12_000])(
  'ten sessions that were refused at once (asked to wait %s ms) do not beat in step',
  async (after) => {
    const refusal = { kind: 'throttled', again: { why: 'throttled', ...(after ? { after } : {}) } } as const
    const moments: number[][] = []
    for (let session = 0; session < 10; session += 1) {
      const numbers = random(session + 1)
      const clock = testClock(() => numbers.below(1_000_000) / 1_000_000)
      const begun = clock.now()
      const at: number[] = []
      const provider = failing(...Array.from({ length: 8 }, () => refusal))
      await asked(
        {
          ...provider,
          stream(...args) {
            at.push(clock.now() - begun)
            return provider.stream(...args)
          },
        },
        { clock },
      )
      moments.push(at.slice(1))
    }
    // From the third repetition on, no more than half of them within any quarter of a second.
    for (let nth = 2; nth < 8; nth += 1) {
      const times = moments.map((at) => at[nth] ?? 0).sort((a, b) => a - b)
      const crowd = Math.max(...times.map((from) => times.filter((t) => t >= from && t < from + 250).length))
      expect(crowd).toBeLessThanOrEqual(5)
      if (after) expect(Math.min(...times)).toBeGreaterThanOrEqual(after * (nth + 1))
    }
  },
)

test('a limit that resets after the patience ends the turn at once and says when', async () => {
  const clock = testClock()
  const provider = failing({ kind: 'throttled', again: { why: 'throttled', after: 2 * 60 * minutes } })
  const { events } = await asked(provider, { clock })
  const failure = failureIn(events)
  expect(failure.until).toBe(clock.now() + 2 * 60 * minutes)
  expect(failure.hint).toMatch(/^It asks to wait 2 h: ask again at 2026-/)
  expect([provider.attempts, clock.rests]).toEqual([1, []])
})

test('Retry-After of a real answer is honoured, by both providers', async () => {
  const server = await serve()
  server.respondWith([status(429, 'ThrottlingException', 'slowly', { 'retry-after': '7' })])
  const clock = testClock(() => 0)
  await asked(bedrock(server.url, keys), { clock })
  expect(clock.rests).toEqual([7000])
  const { provider } = await openai([
    { type: 'status', code: 429, body: '', headers: { 'retry-after-ms': '1500', 'retry-after': '2' } },
  ])
  const other = testClock(() => 0)
  await asked(provider, { clock: other })
  expect(other.rests).toEqual([1500])
})

const now = Date.UTC(2026, 2, 1, 12)
test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'Retry-After': '12' }, 12_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
  [{ 'x-ratelimit-reset': '30' }, 30_000],
  [{ 'x-ratelimit-reset': String(now / 1000 + 90) }, 90_000],
  [{ 'x-ratelimit-reset': String(now + 90_000) }, 90_000],
  [{ 'x-ratelimit-reset-requests': '6m0s', 'x-ratelimit-reset-tokens': '20ms' }, 360_000],
  [
    {
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-remaining-requests': '5',
      'x-ratelimit-reset-tokens': '1.5s',
      'x-ratelimit-remaining-tokens': '0',
    },
    1500,
  ],
  [{ 'anthropic-ratelimit-tokens-reset': '2026-03-01T12:01:00Z' }, 60_000],
  [{ 'ratelimit-reset': '5' }, 5000],
  [{ 'retry-after': '1'.repeat(100_000) }, undefined],
])('the headers %j say to wait %s ms', (headers, expected) => {
  expect(retryAfter(headers, now)).toBe(expected)
})

test('an abort ends a rest at once', async () => {
  const stopper = new AbortController()
  const clock: RetryClock = {
    ...testClock(),
    sleep: (_ms, signal) => sleep(600_000, undefined, { signal }),
  }
  const provider = forever()
  const turn = asked(provider, { clock, signal: stopper.signal })
  setImmediate(() => stopper.abort())
  expect(failureIn((await turn).events).kind).toBe('aborted')
  expect(provider.attempts).toBe(1)
})

test('a provider with patience is called as the one that it is of', async () => {
  const server = await serve()
  const provider = patient(bedrock(server.url), { retryFor: 0, clock: retryClock(Date.now) })
  expect([provider.name, provider.label]).toEqual(['bedrock', bedrock(server.url).label])
  expect(await provider.models?.(AbortSignal.abort())).not.toEqual([])
  server.respondWith(answer([text('x')]))
  expect(said(await all(provider.stream(request, new AbortController().signal)))).toBe('x')
})
