import { setTimeout as sleep } from 'node:timers/promises'
import { urgencyOf } from '../../src/domain/session.ts'
import type { WorkerStatus } from '../../src/domain/worker-status.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { median, type Row } from '../measure.ts'
import { connect, foreignStatus, stageStatus, startSessions, withLab } from '../workspace.ts'

const files = 100
const perSecond = 1000
const seconds = 3
const rounds = 3

export const row: Row = {
  about: `${perSecond} status changes/s`,
  run: () =>
    withLab(async (lab) => {
      await startSessions(lab, ['burst'])
      await openClient(lab, 'q')
      lab.tmux('set-option', '-s', 'message-limit', '100000')
      const tmux = connect(lab, 'q')
      const read = (): Promise<string> => tmux.run(['show-options', '-qv', '-t', '=q:', '@q_waiting'])
      const times: number[] = []
      const before = sentCommands(lab)
      let took = 0
      for (let round = 0; round < rounds; round += 1) {
        const begin = performance.now()
        const wanted = await burst(lab)
        const end = performance.now()
        await until(async () => plain(await read()) === wanted, { every: 1, what: `the corner ${wanted}` })
        times.push(performance.now() - end)
        took += performance.now() - begin
        await sleep(300)
        if (plain(await read()) !== wanted) throw new Error('The corner changed after the last change')
      }
      const after = sentCommands(lab)
      tmux.close()
      const rate = (of: keyof Sent): number => ((after[of] - before[of]) / took) * 1000
      return [
        {
          what: `${row.about}: exact corner after the last one`,
          unit: 'ms',
          ours: median(times),
          budget: { value: 1000 },
          note: `slowest ${Math.max(...times).toFixed(0)} ms`,
        },
        {
          what: `${row.about}: pushes to tmux`,
          unit: '/s',
          ours: rate('pushes'),
          budget: { value: 50 },
          note: `${rate('commands').toFixed(0)} commands/s`,
        },
      ]
    }),
}

/** Changes the files for the whole time and returns the corner's text that follows from the last of each. */
async function burst(lab: Lab): Promise<string> {
  const statuses = new Map<number, WorkerStatus>()
  const begin = performance.now()
  for (let change = 0; change < perSecond * seconds; change += 1) {
    const due = begin + (change / perSecond) * 1000
    if (due > performance.now() + 1) await sleep(due - performance.now())
    const at = Math.floor(Math.random() * files)
    const status = foreignStatus(at, randomState())
    statuses.set(at, { ...status, since: status.since + change / 10_000 })
    stageStatus(lab, statuses.get(at) ?? status)()
  }
  return cornerOf([...statuses.values()])
}

function randomState(): Pick<WorkerStatus, 'state' | 'waitingFor'> {
  const state = Math.random()
  if (state < 0.5) return { state: 'processing', waitingFor: null }
  return { state: 'waiting', waitingFor: state < 0.75 ? 'input' : 'approval' }
}

function cornerOf(statuses: WorkerStatus[]): string {
  const waiting = statuses
    .filter((status) => status.state === 'waiting')
    .sort(
      (a, b) =>
        urgencyOf(a.waitingFor) - urgencyOf(b.waitingFor) ||
        a.since - b.since ||
        (a.session < b.session ? -1 : 1),
    )
  const names = waiting.map(({ name, waitingFor }) => `[${name}${waitingFor === 'approval' ? '!' : ''}]`)
  const more = names.length - 5
  const asking = names.slice(5).filter((name) => name.includes('!')).length
  const urgent = asking > 0 ? `, ${asking}!` : ''
  return [...names.slice(0, 5), ...(more > 0 ? [`+${more} more${urgent}`] : [])].join(' ')
}

function plain(corner: string): string {
  return corner.replaceAll(/#\[[^\]]*\]/g, '')
}

interface Sent {
  /** Times that the corner was set. */
  pushes: number
  commands: number
}

/** From tmux's own log of the commands that it ran. */
function sentCommands(lab: Lab): Sent {
  const lines = lab
    .tmux('show-messages')
    .split('\n')
    .filter((line) => line.includes('command: set-option'))
  return { pushes: lines.filter((line) => line.includes(' @q_waiting')).length, commands: lines.length }
}
