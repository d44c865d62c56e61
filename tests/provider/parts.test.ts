import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { defaultModelId } from '../../src/provider/model-id.ts'
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
  const late = sleep(20).then(() => Promise.reject(new Error('late')))
  await expect(within(late, 5, stopper.signal)).rejects.toMatchObject({ name: 'TooSlow', waited: 5 })
  await sleep(30)
  await expect(within(Promise.resolve(1), 5, stopper.signal)).resolves.toBe(1)
  await expect(within(new Promise(() => {}), 1000, AbortSignal.abort())).rejects.toThrow('stopped')
})
