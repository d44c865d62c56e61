import { rmSync } from 'node:fs'
import { readAllStatuses } from '../../src/status/status-files.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { interleave, type Line, median, type Row } from '../measure.ts'
import { said, storeSessions, withLab } from '../workspace.ts'

const turns = 5

export const row: Row = {
  about: 'q mux → 10 and 100 sessions restored',
  run: async () => [await restored(10), await restored(100)],
}

/** From `q mux --detach` to the prompt of the session that is seen first, beside a workspace that has one session. */
function restored(sessions: number): Promise<Line> {
  const room = { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '500' }
  return withLab(
    (one) =>
      withLab(async (many) => {
        await storeSessions(one, namesOf(1))
        await storeSessions(many, namesOf(sessions))
        const first = (lab: Lab) => () => start(lab, () => /\[back-\d+\] q>/.test(lab.screen()))
        const samples = await interleave(turns, { floor: first(one), ours: first(many) })
        return {
          what: `q mux → the shown one of ${sessions} has its prompt (floor: one alone)`,
          unit: 'ms',
          floor: median(samples.floor),
          ours: median(samples.ours),
          budget: { ratio: 1.3 },
        }
      }, room),
    room,
  )
}

function namesOf(sessions: number): string[] {
  return Array.from({ length: sessions }, (_, at) => `back-${at}`)
}

/** ms from `q mux --detach` until `up`; then the workspace is stopped again. */
async function start(lab: Lab, up: () => boolean): Promise<number> {
  const begin = performance.now()
  const started = said(lab, ['mux', '--detach'])
  await until(() => prompts(lab) > 0 && up(), { every: 5, patience: 60_000 })
  const time = performance.now() - begin
  await started
  await said(lab, ['mux', 'stop'])
  rmSync(lab.statusDir, { recursive: true, maxRetries: 10, retryDelay: 20 })
  return time
}

function prompts(lab: Lab): number {
  return [...readAllStatuses(lab.statusDir).statuses.values()].filter(({ state }) => state === 'waiting')
    .length
}
