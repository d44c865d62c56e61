import { until } from '../../tests/support/until.ts'
import { openClient, promptOf } from '../client.ts'
import { type Line, median, type Row, timeUntil } from '../measure.ts'
import { said, storeSessions, withLab } from '../workspace.ts'

const turns = 16

export const row: Row = {
  about: '/switch typed in a worker → the other window',
  run: async () => [await switching(10), await switching(100)],
}

/** Between the first two of so many sessions, which are awake; the others sleep. */
function switching(sessions: number): Promise<Line> {
  return withLab(
    async (lab) => {
      const names = Array.from({ length: sessions }, (_, at) => `switch-${at}`)
      await storeSessions(lab, names)
      await said(lab, ['mux', '--detach'])
      for (const name of names.slice(0, 2)) {
        await said(lab, ['mux', 'send', name, '/help'])
        await until(() => lab.screen(`=q:${name}`).includes(`[${name}] q>`), { patience: 30_000 })
      }
      await until(async () => (await lab.list()).controller)
      const client = await openClient(lab, 'q')
      const times: number[] = []
      for (let turn = 0; turn < turns; turn += 1) {
        const to = names[(turn + 1) % 2] ?? ''
        client.type(`/switch ${to}`)
        await client.quiet(50)
        times.push(await timeUntil(client.next(promptOf(to)), () => client.type('\r')))
        await client.quiet(100)
      }
      return {
        what: `${row.about}, ${sessions} sessions`,
        unit: 'ms',
        ours: median(times),
        note: `slowest ${Math.max(...times).toFixed(0)} ms`,
      }
    },
    { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '500' },
  )
}
