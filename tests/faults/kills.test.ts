import { expect, test } from 'vitest'
import { killAtRandom } from './kills.ts'

test('no acknowledged prompt is lost or doubled by killing workers, or everything, at random moments', async () => {
  const toll = await killAtRandom(12, 2, () => {})
  expect(toll).toMatchObject({ acknowledged: 12, lost: [], doubled: [], integrity: 'ok' })
}, 600_000)
