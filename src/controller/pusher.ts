import type { Tmux } from '../tmux/door.ts'
import { desiredOptions, type Layout, type Options, optionCommands } from './options.ts'
import type { State } from './reduce.ts'

/** At most one push in this many ms; between two pushes only the newest state counts. */
const pause = 21

export interface Pusher {
  /** Has tmux show a state: at once, or when the pause since the last push is over. */
  show(state: State): void
  /** Forgets what was sent: for a connection to a server that may know nothing of it. */
  reset(tmux: Tmux, sent?: Options): void
  close(): void
}

/** Keeps tmux's options as they should be for the newest state, sending only what changed. */
export function createPusher(layout: () => Layout, onError: (error: unknown) => void): Pusher {
  let tmux: Tmux | undefined
  let sent: Options = new Map()
  let latest: State | undefined
  let timer: NodeJS.Timeout | undefined
  let busyUntil = 0

  return {
    show(state) {
      latest = state
      if (timer) return
      const wait = busyUntil - performance.now()
      if (wait <= 0) push()
      else timer = setTimeout(push, wait)
    },
    reset(connection, known = new Map()) {
      tmux = connection
      sent = known
    },
    close: () => clearTimeout(timer),
  }

  function push(): void {
    timer = undefined
    if (!tmux || !latest) return
    const wanted = desiredOptions(latest, layout())
    const commands = optionCommands(sent, wanted)
    sent = wanted
    if (commands.length === 0) return
    busyUntil = performance.now() + pause
    // Each on a line of its own: a window that closed meanwhile must not keep the others from being set.
    for (const command of commands) tmux.run(command).catch(onError)
  }
}
