import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { defaultModelId } from '../../src/provider/bedrock/bedrock-model-id.ts'
import { redact } from '../../src/provider/redact.ts'
import { within } from '../../src/provider/within.ts'

test.each([
  ['us-east-1', 'us.'],
  ['us-gov-west-1', 'us-gov.'],
  ['eu-central-1', 'eu.'],
  ['ap-northeast-1', 'jp.'],
  ['ap-southeast-2', 'au.'],
  ['ap-south-1', 'global.'],
  ['sa-east-1', 'global.'],
])('in %s the default model is a profile that begins with %s', (region, prefix) => {
  expect(defaultModelId(region).startsWith(`${prefix}anthropic.claude-sonnet`)).toBe(true)
})

test('ordinary words stay as they are', () => {
  const words = 'The provided model identifier us.anthropic.claude-sonnet-4-5-20250929-v1:0 is invalid.'
  expect(redact(words)).toBe(words)
})

test('a password on a command line is hidden', () => {
  expect(redact('Command failed: get-keys --password=hush --token hush2')).toBe(
    'Command failed: get-keys --password=[hidden] --token [hidden]',
  )
})

test('long words are cut', () => {
  expect(redact('x'.repeat(5000))).toHaveLength(600)
})

test('within leaves no listener behind and hears a rejection that comes too late', async () => {
  const stopper = new AbortController()
  const late = Promise.withResolvers<never>()
  await expect(within(late.promise, 5, stopper.signal)).rejects.toMatchObject({ name: 'TooSlow', waited: 5 })
  late.reject(new Error('late'))
  await turn()
  await expect(within(Promise.resolve(1), 5, stopper.signal)).resolves.toBe(1)
  await expect(within(new Promise(() => {}), 1000, AbortSignal.abort())).rejects.toThrow('stopped')
})

test('within takes what came in time, though a busy process reads it too late', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const heard = within(once(port2, 'message'), 50)
  port1.postMessage('in time')
  for (const end = performance.now() + 100; performance.now() < end; );
  expect(await heard).toEqual(['in time'])
})
