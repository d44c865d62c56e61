import { expect, test } from 'vitest'
import { killAtRandom } from './kills.ts'

test('no prompt is lost or doubled, and no session, by killing workers, or everything, and moving panes at random moments', async () => {
  const toll = await killAtRandom(12, 2, () => {})
  expect(toll).toMatchObject({ acknowledged: 12, lost: [], doubled: [], strays: [], integrity: 'ok' })
}, 600_000)
