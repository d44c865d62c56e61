import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab({ Q_MODEL_PROVIDER: 'guide', Q_SESSIONS_AUTO_GENERATE_NAMES: 'false' })
})
afterEach(() => lab.dispose())

test('the tour asks for an approval in a session, and goes on when it is given', async () => {
  await startWorkspace(lab)
  const pane = '=q:dev-1'
  lab.type(pane, 'tour 4')
  await until(() => /\[y\/n\/t\]:/.test(lab.screen(pane)), { what: 'the question', patience: 60_000 })
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'approval' })
  lab.type(pane, 'y')
  await until(() => /It was allowed, and it ran/.test(lab.screen(pane)))
  expect(lab.screen(pane)).toMatch(/^hello from q$/m)
  await promptUp(lab, 'dev-1')
})
