import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findPlace } from '../../src/root/place.ts'
import { openPlaceStore } from '../../src/root/store.ts'
import { readAllStatuses } from '../../src/status/files.ts'
import { insertSession } from '../../src/store/sessions.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { interleave, type Line, median, type Row } from '../measure.ts'
import { said, withLab } from '../workspace.ts'

const turns = 5

/** So many get a worker at once; the others sleep until they are looked at. */
const awake = 10

export const row: Row = {
  about: 'q mux → 10 and 100 sessions restored',
  run: async () => [await restoring(10), await restoring(100)],
}

/** From `q mux --detach` to the last prompt that comes up, beside as many windows with a bare node as get a worker. */
function restoring(sessions: number): Promise<Line> {
  return withLab(
    async (lab) => {
      await fill(lab, sessions)
      const samples = await interleave(turns, {
        floor: () => bareWindows(lab, Math.min(sessions, awake)),
        ours: async () => {
          const start = performance.now()
          await said(lab, ['mux', '--detach'])
          await until(() => prompts(lab) >= Math.min(sessions, awake), { every: 5 })
          const time = performance.now() - start
          await said(lab, ['mux', 'stop'])
          rmSync(lab.statusDir, { recursive: true, maxRetries: 10, retryDelay: 20 })
          return time
        },
      })
      return {
        what: `q mux → ${sessions} sessions restored, ${Math.min(sessions, awake)} prompts up`,
        unit: 'ms',
        floor: median(samples.floor),
        ours: median(samples.ours),
        budget: { ratio: 2 },
      }
    },
    { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '500' },
  )
}

async function fill(lab: Lab, sessions: number): Promise<void> {
  const place = await findPlace({ workspace: 'q', socket: lab.socket }, lab.env)
  const store = await openPlaceStore(place, () => {})
  await store.write(() => {
    for (let at = 0; at < sessions; at += 1) {
      const facts = { nameSource: 'user', typeSource: 'user', type: 'Development', workspace: 'q' } as const
      insertSession(store, { id: crypto.randomUUID(), name: `back-${at}`, cwd: lab.home, ...facts })
    }
  })
  store.close()
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
