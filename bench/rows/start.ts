import type { Lab } from '../../tests/support/lab.ts'
import { processesOf } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient, promptOf } from '../client.ts'
import { commandLine } from '../machine.ts'
import { interleave, median, type Row, timeUntil } from '../measure.ts'
import { connect, startSessions, windowOf, withLab } from '../workspace.ts'

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
      await end(lab, window)
      await client.quiet(50)
      const open = async (argv: string[], pattern: RegExp): Promise<number> => {
        const seen = client.next(pattern)
        const time = await timeUntil(seen, () =>
          tmux.run(['new-window', '-t', '=q:9', '-n', 'bench', '--', ...argv]),
        )
        await client.quiet(50)
        // What was drawn before the other window is back says nothing about the next turn.
        const back = client.next(promptOf('stays'))
        await end(lab, '=q:9')
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
          budget: { ratio: 2 },
        },
      ]
    }),
}

/** `node -e 0` that shows when it ran; it stays, because a window that closes at once is never drawn. */
function printing(word: string): string {
  return `process.stdout.write('${word}');setInterval(()=>{},1e9)`
}

function paneProcess(lab: Lab, window: string): number {
  return Number(lab.tmux('display-message', '-p', '-t', window, '#{pane_pid}'))
}

/** Closes a window, and waits until its process has left everything behind. */
async function end(lab: Lab, window: string): Promise<void> {
  const pid = paneProcess(lab, window)
  lab.tmux('kill-window', '-t', window)
  await until(() => !processesOf(lab.home).includes(pid))
}
