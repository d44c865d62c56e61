import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readAllStatuses } from '../../src/status/status-files.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { interleave, type Line, median, type Row } from '../measure.ts'
import { said, storeSessions, withLab } from '../workspace.ts'

const turns = 5

/** So many get a worker at once; the others sleep until they are looked at. */
const awake = 10

export const row: Row = {
  about: 'q mux → 10 and 100 sessions restored',
  run: async () => [await shown(), await restoring(10), await restoring(100)],
}

/** From `q mux --detach` to the prompt of the session that is seen first, beside a workspace that has one session. */
function shown(): Promise<Line> {
  return withLab((one) =>
    withLab(async (ten) => {
      await storeSessions(one, namesOf(1))
      await storeSessions(ten, namesOf(10))
      const first = (lab: Lab) => () => start(lab, () => /\[back-\d+\] q>/.test(lab.screen()))
      const samples = await interleave(turns, { floor: first(one), ours: first(ten) })
      return {
        what: 'q mux → the shown one of 10 has its prompt (floor: one alone)',
        unit: 'ms',
        floor: median(samples.floor),
        ours: median(samples.ours),
        budget: { ratio: 1.5 },
      }
    }),
  )
}

/** From `q mux --detach` to the last prompt that comes up, beside as many windows with a bare node as get a worker. */
function restoring(sessions: number): Promise<Line> {
  const workers = Math.min(sessions, awake)
  return withLab(
    async (lab) => {
      await storeSessions(lab, namesOf(sessions))
      const samples = await interleave(turns, {
        floor: () => bareWindows(lab, workers),
        ours: () => start(lab, () => prompts(lab) >= workers),
      })
      return {
        what: `q mux → ${sessions} sessions restored, ${workers} prompts up`,
        unit: 'ms',
        floor: median(samples.floor),
        ours: median(samples.ours),
        budget: { ratio: 2 },
      }
    },
    { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '500' },
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

/** A tmux session with so many windows, each of which says that its node runs. */
async function bareWindows(lab: Lab, windows: number): Promise<number> {
  const marks = join(lab.home, 'marks')
  mkdirSync(marks)
  const node = (at: number) => [
    '--',
    process.execPath,
    '-e',
    `fs.writeFileSync('${marks}/${at}','');setInterval(()=>{},1e9)`,
  ]
  const start = performance.now()
  const words = Array.from({ length: windows - 1 }, (_, at) => [
    ';',
    'new-window',
    '-d',
    '-t',
    '=floor:',
    ...node(at + 1),
  ])
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'floor', ...node(0), ...words.flat())
  await until(() => readdirSync(marks).length === windows, { every: 5 })
  const time = performance.now() - start
  lab.tmux('kill-session', '-t', '=floor')
  rmSync(marks, { recursive: true })
  return time
}
