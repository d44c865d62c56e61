import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { type Client, openClient } from '../client.ts'
import { interleave, type Line, median, percentile, type Row, timeUntil } from '../measure.ts'
import {
  foreignStatus,
  restoreSessions,
  roomFor,
  stage,
  stageStatus,
  startPlainTmux,
  withLab,
} from '../workspace.ts'

const turns = 150

export const row: Row = {
  about: 'status file renamed → name on an attached client',
  run: async () => [...(await measure(10)), ...(await measure(100))],
}

function measure(sessions: number): Promise<Line[]> {
  return withLab((floorLab) =>
    withLab(async (lab) => {
      const floor = await startFloor(floorLab, sessions)
      await restoreSessions(lab, sessions)
      const client = await openClient(lab, 'q')
      const samples = await interleave(turns, {
        floor,
        async ours(turn) {
          const waiting = stageStatus(lab, foreignStatus(turn, {}))
          const time = await timeUntil(client.next(`[b-${turn}]`), waiting)
          await client.quiet(30)
          stageStatus(lab, foreignStatus(turn, { state: 'processing', waitingFor: null }))()
          await client.quiet(30)
          return time
        },
      })
      const p99 = { floor: percentile(samples.floor, 99), ours: percentile(samples.ours, 99) }
      const what = `${row.about}, ${sessions} sessions`
      return [
        {
          what,
          unit: 'ms',
          floor: median(samples.floor),
          ours: median(samples.ours),
          budget: { ratio: 2 },
        },
        { what: `${what}, p99`, unit: 'ms', ...p99, budget: { value: 100 } },
      ]
    }, roomFor(sessions)),
  )
}

/** A process that knows nothing but fs.watch and one open connection to tmux, which draws as many windows in its status line. */
async function startFloor(lab: Lab, windows: number): Promise<(turn: number) => Promise<number>> {
  const session = startPlainTmux(lab)
  for (let at = 1; at < windows; at += 1)
    lab.tmux('new-window', '-d', '-t', `=${session}:`, '-n', `back-${at}`, 'cat')
  lab.tmux('set-option', '-t', `=${session}:`, 'status-right', '#{@q_floor}')
  const directory = join(lab.home, 'floor')
  stage(directory, 'begin', '')()
  const program = fileURLToPath(new URL('../floors/corner.ts', import.meta.url))
  lab.start(process.execPath, [program, directory, lab.socket, session])
  const client: Client = await openClient(lab, session)
  await until(() => {
    stage(directory, 'f-ready', '')()
    return lab.tmux('show-options', '-qv', '-t', `=${session}:`, '@q_floor') === 'f-ready'
  })
  return async (turn) => {
    const time = await timeUntil(client.next(`f-${turn}`), stage(directory, `f-${turn}`, '{}'))
    await client.quiet(30)
    return time
  }
}
