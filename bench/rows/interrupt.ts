import type { Lab } from '../../tests/support/lab.ts'
import { openClient, promptOf } from '../client.ts'
import { type Line, median, type Row, timeUntil } from '../measure.ts'
import { startSessions, withModelLab } from '../workspace.ts'

const turns = 12
const tokens = 500

export const row: Row = {
  about: `Ctrl-C at ${tokens} tokens a second → the prompt on screen`,
  run: () => withModelLab(measure),
}

async function measure(lab: Lab): Promise<Line[]> {
  await startSessions(lab, ['stops'])
  const client = await openClient(lab, 'q')
  const times: number[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const flows = client.next(/token token token/)
    client.type(`rate ${tokens} 30\r`)
    await flows
    times.push(await timeUntil(client.next(promptOf('stops')), () => client.type('\u0003')))
    await client.quiet(200)
  }
  return [
    {
      what: row.about,
      unit: 'ms',
      ours: median(times),
      budget: { value: 100 },
      note: `slowest ${Math.max(...times).toFixed(0)} ms`,
    },
  ]
}
