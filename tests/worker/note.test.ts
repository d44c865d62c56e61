import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, q } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab({ Q_MODEL_PROVIDER: 'guide' })
})
afterEach(() => lab.dispose())

test('what a session says about its model names the tour, and breaks no word on a narrow terminal', async () => {
  const shell = openShell(lab, `stty cols 30; ${q} chat`)
  await until(() => /Type:? ?\n?.*tour\n\[?.*q>/s.test(shell.screen()))
  const words = shell.screen().split('\n').slice(0, 3)
  expect(words).toEqual([
    'model: guide (built in, not a',
    'model). New here? Type: tour',
    expect.stringMatching(/q>$/),
  ])
})
