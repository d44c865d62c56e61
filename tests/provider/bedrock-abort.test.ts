import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { endless, fault, start, text, wait } from '../support/bedrock-script.ts'
import { ask, bedrock, failureIn, serve, until, user } from './harness.ts'

test.each([
  ['before the first event', [fault('silence')]],
  ['in mid-answer', [start(), text('a'), fault('silence')]],
  ['in mid-frame', [start(), text('a'), fault('garbage'), fault('silence')]],
] as const)('an abort %s ends the turn at once', async (_when, steps) => {
  const server = await serve()
  const provider = bedrock(server.url)
  await ask(provider, 'say: the SDK is loaded now')
  server.respondWith([...steps])
  const stopper = new AbortController()
  const turn = ask(provider, 'hello', stopper.signal)
  await until(() => server.requests.length >= 2, 'the request arrived')
  await sleep(50)
  stopper.abort()
  // Without the abort it would be a timeout, after a patience as long as until's.
  expect(failureIn(await turn).kind).toBe('aborted')
  await until(() => server.connections() === 0, 'no connection is left')
})

test('a signal that has fired already asks nobody', async () => {
  const server = await serve()
  expect(failureIn(await ask(bedrock(server.url), 'hello', AbortSignal.abort())).kind).toBe('aborted')
  expect(server.requests).toHaveLength(0)
})

test('leaving the loop stops the request', async () => {
  const server = await serve()
  server.respondWith(endless('more ', 5))
  for await (const event of bedrock(server.url).stream(
    { messages: [user('go')] },
    new AbortController().signal,
  )) {
    if (event.type === 'text') break
  }
  await until(() => server.requests[0]?.end === 'left', 'the server saw the client leave')
  await until(() => server.connections() === 0, 'no connection is left')
})

test('after answers, failures and timeouts no connection is left', async () => {
  const server = await serve()
  const provider = bedrock(server.url, undefined, { timeouts: { firstEventMs: 2000, betweenEventsMs: 300 } })
  server.respondWith([start(), text('a'), wait(10), fault('bad-crc')], [fault('silence')])
  for (const prompt of ['one', 'two', 'say three', 'fail access']) await ask(provider, prompt)
  await until(() => server.connections() === 0, 'no connection is left')
})
