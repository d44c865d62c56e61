import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { cpuOf, ticksOf } from '../machine.ts'
import type { Line, Row } from '../measure.ts'
import { restoreSessions, roomFor, startSessions, withLab } from '../workspace.ts'

const seconds = 30

export const row: Row = {
  about: `controller, idle sessions, ${seconds} s`,
  run: async () => [...(await measure(10, false)), ...(await measure(100, true))],
}

/** With `asleep` most of them came back and sleep. */
function measure(sessions: number, asleep: boolean): Promise<Line[]> {
  return withLab((floorLab) =>
    withLab(async (lab) => {
      const names = Array.from({ length: sessions }, (_, at) => `idle-${at}`)
      await (asleep ? restoreSessions(lab, sessions) : startSessions(lab, names))
      await openClient(lab, 'q')
      const empty = floorLab.start(process.execPath, ['-e', 'setInterval(()=>{},1e9)']).pid ?? 0
      const controller = await until(async () => (await lab.list()).controller?.pid)
      // What ends meanwhile, as what holds the pane of one that sleeps for a moment, is not counted.
      const first = processesOf(lab.home)
      await sleep(12_000)
      const all = processesOf(lab.home).filter((pid) => first.includes(pid))
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
          what: `controller, ${sessions} idle sessions${asleep ? ', all but one asleep' : ''}, ${seconds} s`,
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
    }, roomFor(sessions)),
  )
}
