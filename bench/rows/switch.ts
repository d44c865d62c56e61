import { openClient, promptOf } from '../client.ts'
import { median, type Row, timeUntil } from '../measure.ts'
import { startSessions, withLab } from '../workspace.ts'

const sessions = 10
const turns = 16

export const row: Row = {
  about: `/switch typed in a worker, ${sessions} sessions → the other window`,
  run: () =>
    withLab(async (lab) => {
      const names = Array.from({ length: sessions }, (_, at) => `switch-${at}`)
      await startSessions(lab, names)
      const client = await openClient(lab, 'q')
      const times: number[] = []
      for (let turn = 0; turn < turns; turn += 1) {
        const to = names[(turn + 1) % 2] ?? ''
        client.type(`/switch ${to}`)
        await client.quiet(50)
        times.push(await timeUntil(client.next(promptOf(to)), () => client.type('\r')))
        await client.quiet(100)
      }
      return [
        {
          what: row.about,
          unit: 'ms',
          ours: median(times),
          note: `slowest ${Math.max(...times).toFixed(0)} ms`,
        },
      ]
    }),
}
