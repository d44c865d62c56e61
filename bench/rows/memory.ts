import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { type Memory, memoryOf } from '../machine.ts'
import { type Line, median, type Row } from '../measure.ts'
import { startSessions, withModelLab } from '../workspace.ts'

const workers = 3
const answers = 20

export const row: Row = {
  about: "worker's memory",
  run: () => withModelLab(measure),
}

async function measure(lab: Lab): Promise<Line[]> {
  const names = Array.from({ length: workers }, (_, at) => `m-${at}`)
  const empty = names.map(() => lab.start(process.execPath, ['-e', 'setInterval(()=>{},1e9)']).pid ?? 0)
  await startSessions(lab, names)
  const { sessions } = await lab.list()
  const pids = sessions.map((session) => session.pid ?? 0)
  for (const { window } of sessions) await until(() => lab.screen(window ?? '').includes('model: '))
  await sleep(1000)
  const atPrompt = compare('at its prompt', empty, pids, 1.4)
  for (let turn = 1; turn <= answers; turn += 1) {
    for (const { window } of sessions) lab.type(window ?? '', 'rate 1000 0.3')
    for (const { id } of sessions) await until(() => turnsOf(lab, id) === turn, { what: `answer ${turn}` })
  }
  await sleep(1000)
  return [...atPrompt, ...compare(`after ${answers} answers`, empty, pids, 1.8)]
}

/** Answers that are complete. */
function turnsOf(lab: Lab, session: string): number {
  const { state, turn } = JSON.parse(readFileSync(join(lab.statusDir, `${session}.json`), 'utf8'))
  return state === 'waiting' ? turn : -1
}

function compare(when: string, empty: number[], workersNow: number[], ratio: number): Line[] {
  const of = (pids: number[], kind: keyof Memory): number => median(pids.map((pid) => memoryOf(pid)[kind]))
  return [
    {
      what: `${row.about} ${when} (RSS)`,
      unit: 'MB',
      floor: of(empty, 'rss'),
      ours: of(workersNow, 'rss'),
      budget: { ratio },
    },
    { what: `${row.about} ${when} (PSS)`, unit: 'MB', floor: of(empty, 'pss'), ours: of(workersNow, 'pss') },
  ]
}
