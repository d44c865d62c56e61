import { readAllStatuses } from '../../src/status/status-files.ts'
import { until } from '../../tests/support/until.ts'
import { openClient, promptOf } from '../client.ts'
import { memoryOf } from '../machine.ts'
import { interleave, type Line, median, type Row, timeUntil } from '../measure.ts'
import {
  connect,
  endWindow,
  printing,
  said,
  startSessions,
  storeSessions,
  windowOf,
  withLab,
} from '../workspace.ts'

const turns = 15
const sessions = 100

export const row: Row = {
  about: 'sessions that sleep',
  run: async () => [await looking(), await memory()],
}

/** From the look at a window that sleeps to its prompt, beside a new window that runs `node -e 0`. */
function looking(): Promise<Line> {
  return withLab(
    async (lab) => {
      const names = ['stays', ...Array.from({ length: turns + 2 }, (_, at) => `sleeps-${at}`)]
      await startSessions(lab, names)
      await said(lab, ['mux', 'switch', 'stays'])
      await said(lab, ['mux', 'stop'])
      await said(lab, ['mux', '--detach'])
      const windows = await Promise.all(names.map((name) => windowOf(lab, name)))
      const [home = ''] = windows
      const client = await openClient(lab, 'q')
      const tmux = connect(lab, 'q')
      await tmux.run(['select-window', '-t', home])
      await client.quiet(300)
      const back = async (): Promise<void> => {
        const seen = client.next(promptOf('stays'))
        await tmux.run(['select-window', '-t', home])
        await seen
        await client.quiet(50)
      }
      const samples = await interleave(turns, {
        async floor() {
          const seen = client.next(/ready/)
          const time = await timeUntil(seen, () =>
            tmux.run([
              'new-window',
              '-t',
              '=q:99',
              '-n',
              'bench',
              '--',
              process.execPath,
              '-e',
              printing('ready'),
            ]),
          )
          await client.quiet(50)
          await back()
          await endWindow(lab, '=q:99')
          return time
        },
        async ours(turn) {
          const seen = client.next(promptOf(names[turn + 1] ?? ''))
          const time = await timeUntil(seen, () => tmux.run(['select-window', '-t', windows[turn + 1] ?? '']))
          await client.quiet(50)
          await back()
          return time
        },
      })
      tmux.close()
      return {
        what: 'a sleeping window looked at → its prompt on screen',
        unit: 'ms',
        floor: median(samples.floor),
        ours: median(samples.ours),
        budget: { ratio: 1.8 },
      }
    },
    { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '100' },
  )
}

/** What the workers of a large workspace take after a restore, beside what one takes. */
function memory(): Promise<Line> {
  return withLab(
    async (lab) => {
      const names = Array.from({ length: sessions }, (_, at) => `back-${at}`)
      await storeSessions(lab, names)
      await said(lab, ['mux', '--detach'])
      const living = () => [...readAllStatuses(lab.statusDir).statuses.values()]
      await until(() => living().some(({ state }) => state === 'waiting'))
      await until(
        async () => (await lab.list()).sessions.filter(({ asleep }) => asleep).length === sessions - 1,
      )
      const taken = living().map(({ pid }) => memoryOf(pid).rss)
      return {
        what: `${sessions} sessions restored: memory of all workers (floor: one)`,
        unit: 'MB',
        floor: median(taken),
        ours: taken.reduce((sum, one) => sum + one, 0),
        budget: { ratio: 3 },
      }
    },
    { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '100' },
  )
}
