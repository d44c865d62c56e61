import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Provider } from '../../src/provider/provider.ts'
import { turnStats } from '../../src/worker/turn/turn-stats.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, promptUp, q, startWorkspace } from './harness.ts'

const model = (id: string | undefined, name = 'bedrock'): Provider => ({
  name,
  isModel: name !== 'guide',
  usualWindow: 32_000,
  label: '',
  model: id,
  stream: async function* () {},
})
const sonnet = model('us.anthropic.claude-sonnet-4-20250514-v1:0')

test.each([
  [{ inputTokens: 1234, outputTokens: 340 }, 4120, '(1.2k in · 340 out · 4.1 s · claude-sonnet-4)'],
  [{ inputTokens: 0, outputTokens: 999 }, 49, '(0 in · 999 out · 0.0 s · claude-sonnet-4)'],
  [{ inputTokens: 9960, outputTokens: 999_499 }, 59_949, '(10k in · 999k out · 59.9 s · claude-sonnet-4)'],
  [{ inputTokens: 999_950, outputTokens: 1 }, 59_951, '(1.0M in · 1 out · 1 min 0 s · claude-sonnet-4)'],
  [
    { inputTokens: 2010, outputTokens: 5, cacheReadTokens: 1960 },
    725_400,
    '(2.0k in (2.0k cached) · 5 out · 12 min 5 s · claude-sonnet-4)',
  ],
  [
    { inputTokens: 100, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 90 },
    1000,
    '(100 in · 5 out · 1.0 s · claude-sonnet-4)',
  ],
  [undefined, 1000, '(1.0 s · claude-sonnet-4)'],
])('%j after %i ms is said as people read it', (usage, ms, words) => {
  expect(turnStats(sonnet, usage, ms)).toBe(words)
})

test('a model that is not known is left out, and the guide has no line', () => {
  expect(turnStats(model(undefined, 'openai'), { inputTokens: 1, outputTokens: 2 }, 100)).toBe(
    '(1 in · 2 out · 0.1 s)',
  )
  expect(turnStats(model(undefined, 'guide'), undefined, 100)).toBeUndefined()
})

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const line = /^\(3 in · 5 out · \d\.\d s · claude-sonnet-4-5\)$/m

test('one dim line stands below an answer, and none below one that failed or with the setting off', async () => {
  await startWorkspace(lab)
  const pane = '=q:dev-1'
  lab.type(pane, 'say hello')
  await until(() => /^hello\n\n\(3 in .*\)\n\[dev-1\] q>$/m.test(lab.screen(pane)))
  expect(lab.screen(pane)).toMatch(line)
  expect(lab.screen(pane, true)).toMatch(/\u001b\[2m\(3 in/)
  lab.keys(pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.type(pane, 'fail access')
  await until(() => lab.screen(pane).includes('may not use'))
  await promptUp(lab, 'dev-1')
  expect(lab.screen(pane)).not.toMatch(line)

  const terminal = openShell(lab, `export Q_UI_SHOW_TURN_STATS=false; ${q} chat --name talk 'say hello'`)
  await until(() => /^hello\n\n\[talk\] q>/m.test(terminal.screen()))
  expect(terminal.screen()).not.toContain(' out ')
})

test('waiting for an approval is no time of the turn', async () => {
  await startWorkspace(lab)
  const pane = '=q:dev-1'
  const start = performance.now()
  lab.type(pane, 'tool execute_bash {"command":"true"}')
  await until(() => lab.screen(pane).includes('[y/n/t]:'))
  const shownAt = performance.now()
  await until(() => performance.now() - shownAt > 3000, { every: 100 })
  const waited = (performance.now() - shownAt) / 1000
  lab.type(pane, 'y')
  await until(() => / out · [\d.]+ s/.test(lab.screen(pane)))
  const whole = (performance.now() - start) / 1000
  expect(Number(/ out · ([\d.]+) s/.exec(lab.screen(pane))?.[1])).toBeLessThan(whole - waited + 0.1)
})

test('a pipe has the answer only', async () => {
  expect(await lab.q(['chat', 'say hello'])).toMatchObject({ code: 0, stdout: 'hello\n' })
  expect((await lab.q(['chat', 'say hello'])).stderr).not.toContain(' out ')
})
