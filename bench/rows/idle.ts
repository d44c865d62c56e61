import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { cpuOf, ticksOf } from '../machine.ts'
import type { Row } from '../measure.ts'
import { startSessions, withLab } from '../workspace.ts'

const sessions = 10
const seconds = 30

export const row: Row = {
  about: `controller, ${sessions} idle sessions, ${seconds} s`,
  run: () =>
    withLab((floorLab) =>
      withLab(async (lab) => {
        await startSessions(
          lab,
          Array.from({ length: sessions }, (_, at) => `idle-${at}`),
        )
        await openClient(lab, 'q')
        const empty = floorLab.start(process.execPath, ['-e', 'setInterval(()=>{},1e9)']).pid ?? 0
        const controller = await until(async () => (await lab.list()).controller?.pid)
        await sleep(3000)
        const all = processesOf(lab.home)
        const before = all.map(cpuOf)
        const [controllerBefore, emptyBefore, ticksBefore] = [
          cpuOf(controller),
          cpuOf(empty),
          ticksOf(controller),
        ]
        await sleep(seconds * 1000)
        const share = (ms: number): number => (ms / (seconds * 1000)) * 100
        const ticks = ticksOf(controller) - ticksBefore
        const used = all.map((pid, at) => cpuOf(pid) - (before[at] ?? 0))
        return [
          {
            what: row.about,
            unit: '%',
            floor: share(cpuOf(empty) - emptyBefore),
            ours: share(cpuOf(controller) - controllerBefore),
            budget: { value: 0.1 },
            note: `${ticks} clock ticks; floor: an idle node`,
          },
          {
            what: `all ${all.length} processes of that workspace, tmux included`,
            unit: '%',
            ours: share(used.reduce((sum, ms) => sum + ms, 0)),
          },
        ]
      }),
    ),
}
