import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { interleave, median, type Row, timeUntil } from '../measure.ts'
import { said, startSessions, windowOf, withLab } from '../workspace.ts'

const turns = 40
const prefix = '\u0002'
/** Two sessions, each with the free key that a native binding goes there by. */
const sides = [
  { name: 'left', native: 'F' },
  { name: 'right', native: 'G' },
] as const

export const row: Row = {
  about: 'jump key → the other window on screen',
  run: () =>
    withLab(async (lab) => {
      await startSessions(
        lab,
        sides.map((side) => side.name),
      )
      // Both wait, so that each jump leads to the other; their words are in no status line.
      for (const { name } of sides) await answered(lab, name)
      const windows = new Map<string, string>()
      for (const { name, native } of sides) {
        windows.set(name, await windowOf(lab, name))
        lab.tmux('bind-key', '-T', 'prefix', native, 'select-window', '-t', windows.get(name) ?? '')
      }
      const client = await openClient(lab, 'q')
      const press = async (key: string, to: string): Promise<number> => {
        const time = await timeUntil(client.next(`pane-of-${to}`), () => client.type(prefix + key))
        await client.quiet(50)
        return time
      }
      // Each turn goes there by tmux's own binding and back by ours; the next one begins at the other side.
      const samples = await interleave(turns, {
        async floor(turn) {
          const [from, to] = turn % 2 === 0 ? [sides[0], sides[1]] : [sides[1], sides[0]]
          lab.tmux('select-window', '-t', windows.get(from.name) ?? '')
          await client.quiet(50)
          return press(to.native, to.name)
        },
        ours: (turn) => press('a', sides[turn % 2 === 0 ? 0 : 1].name),
      })
      const { floor, ours } = samples
      return [
        { what: row.about, unit: 'ms', floor: median(floor), ours: median(ours), budget: { ratio: 1.5 } },
      ]
    }),
}

async function answered(lab: Lab, name: string): Promise<void> {
  await said(lab, ['mux', 'send', name, `pane-of-${name}`])
  await until(async () =>
    (await lab.list()).sessions.some(
      (session) => session.name === name && session.messages === 2 && session.waitingFor === 'input',
    ),
  )
}
