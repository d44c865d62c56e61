import { describe, expect, test } from 'vitest'
import type { Provider } from '../../src/provider/provider.ts'
import { createGauge } from '../../src/worker/context/gauge.ts'

const sonnet = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'

function provider(model: string | undefined, facts: Partial<Provider> = {}): Provider {
  return {
    name: 'bedrock',
    isModel: true,
    usualWindow: 128_000,
    label: '',
    model,
    async *stream() {},
    ...facts,
  }
}

const gauge = (set?: number) => createGauge(async () => set)
const tokens = async (from: ReturnType<typeof gauge>, of: Provider) => (await from.window(of)).tokens

describe("the model's window", () => {
  test.each<[string, number]>([
    [sonnet, 200_000],
    ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0', 200_000],
    ['amazon.nova-micro-v1:0', 128_000],
    ['us.amazon.nova-premier-v1:0', 1_000_000],
    ['meta.llama3-8b-instruct-v1:0', 8000],
    ['us.meta.llama3-3-70b-instruct-v1:0', 128_000],
    ['arn:aws:bedrock:us-east-1:1:application-inference-profile/x', 128_000],
  ])('of %s is %i', async (model, window) => {
    expect(await tokens(gauge(), provider(model))).toBe(window)
  })

  test('the user knows best, then the server, then the table, then a guess', async () => {
    const said = provider('gpt-4o', { usualWindow: 32_000, window: async () => 5000 })
    expect(await gauge(7000).window(said)).toEqual({ tokens: 7000, source: 'model.context_window' })
    expect(await gauge().window(said)).toEqual({ tokens: 5000, source: 'said by the server' })
    expect(await tokens(gauge(), provider('gpt-4o', { usualWindow: 32_000 }))).toBe(128_000)
    expect(await tokens(gauge(), provider('qwen3:8b', { usualWindow: 32_000 }))).toBe(32_000)
    expect(await tokens(gauge(), provider(undefined, { usualWindow: 32_000 }))).toBe(32_000)
  })

  test('one that refused less is smaller, until it takes more; what is short was refused for another reason', async () => {
    const own = gauge()
    const model = provider('m', { usualWindow: 32_000 })
    await own.refused(model, 300)
    expect(await tokens(own, model)).toBe(32_000)
    await own.refused(model, 9000)
    expect(await tokens(own, model)).toBe(9000)
    await own.refused(model, 50_000)
    expect(await tokens(own, model)).toBe(9000)
    expect(await tokens(own, provider(sonnet))).toBe(200_000)
    own.learn(model, 10_000, { inputTokens: 9500, outputTokens: 1 })
    expect(await tokens(own, model)).toBe(32_000)
  })
})

test('estimates follow what the service counts, unless it counts something else', () => {
  const own = gauge()
  own.learn(provider(sonnet), 1000, { inputTokens: 1500, outputTokens: 1 })
  expect([own.corrected(2000), own.estimated(3000), own.counted()?.inputTokens]).toEqual([3000, 2000, 1500])
  own.learn(provider(sonnet), 1000, { inputTokens: 3, outputTokens: 1 })
  expect([own.corrected(2000), own.counted()?.inputTokens]).toEqual([3000, 3])
})
