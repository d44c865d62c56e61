import { openClient, promptOf } from '../client.ts'
import { commandLine } from '../machine.ts'
import { interleave, median, type Row, timeUntil } from '../measure.ts'
import { connect, endWindow, paneProcess, printing, startSessions, windowOf, withLab } from '../workspace.ts'

const turns = 20

export const row: Row = {
  about: "tmux new-window → the worker's prompt on screen",
  run: () =>
    withLab(async (lab) => {
      await startSessions(lab, ['stays', 'starts'])
      const window = await windowOf(lab, 'starts')
      const words = commandLine(paneProcess(lab, window))
      const client = await openClient(lab, 'q')
      const tmux = connect(lab, 'q')
      await endWindow(lab, window)
      await client.quiet(50)
      const open = async (argv: string[], pattern: RegExp): Promise<number> => {
        const seen = client.next(pattern)
        const time = await timeUntil(seen, () =>
          tmux.run(['new-window', '-t', '=q:9', '-n', 'bench', '--', ...argv]),
        )
        await client.quiet(50)
        // What was drawn before the other window is back says nothing about the next turn.
        const back = client.next(promptOf('stays'))
        await endWindow(lab, '=q:9')
        await back
        await client.quiet(50)
        return time
      }
      const samples = await interleave(turns, {
        floor: () => open([process.execPath, '-e', printing('ready')], /ready/),
        ours: () => open(words, promptOf('starts')),
      })
      tmux.close()
      return [
        {
          what: row.about,
          unit: 'ms',
          floor: median(samples.floor),
          ours: median(samples.ours),
          budget: { ratio: 1.8 },
        },
      ]
    }),
}
