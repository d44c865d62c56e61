import type { Session } from '../../domain/session.ts'
import type { WorkerStatus } from '../../domain/worker-status.ts'
import { countPrompts } from '../../store/prompts.ts'
import type { Store } from '../../store/store.ts'
import type { Style } from '../../text/style.ts'
import { tmuxDoor } from '../../tmux/door.ts'
import { isLookedAt } from '../../tmux/tmux-view.ts'
import type { LiveSettings } from '../live/live-settings.ts'
import type { SessionHost } from '../live/session-host.ts'

interface SignalsOf {
  session: Pick<Session, 'id' | 'cwd'>
  inWorkspace: boolean
  live: LiveSettings
  say(line: string): void
  style: Style
}

/** Puts the signs together by which a session says that it is somebody's turn. They are loaded with the first wait. */
export function signalsOf(
  host: Pick<SessionHost, 'env' | 'name'>,
  store: Store,
  { session, inWorkspace, live, say, style }: SignalsOf,
) {
  const ending = new AbortController()
  let made: Promise<(status: WorkerStatus) => void> | undefined
  return {
    waits(status: WorkerStatus): void {
      // Looked at now: a queued prompt, which makes this no wait, is taken while the signs are loaded.
      if (status.waitingFor !== 'approval' && countPrompts(store, session.id) > 0) return
      made ??= make()
      void made.then((signal) => signal(status))
    },
    /** The session ends: what still runs ends with it. */
    end: () => ending.abort(),
  }

  async function make(): Promise<(status: WorkerStatus) => void> {
    const [{ createSignals }, { programRunner }] = await Promise.all([
      import('./waiting-signals.ts'),
      import('./run-program.ts'),
    ])
    const pane = host.env.TMUX_PANE
    const tmux = tmuxDoor(undefined, host.env)
    return createSignals({
      settings: async () => (await live()).settings.ui,
      // Nobody can tell about a plain terminal, nor about a tmux that does not answer.
      isLookedAt: async () => pane !== undefined && isLookedAt(tmux, pane).catch(() => false),
      write: (bytes) => void process.stdout.write(bytes),
      insideTmux: Boolean(host.env.TMUX),
      run: programRunner(() => process.env, ending.signal),
      facts: { workspace: inWorkspace ? host.name : undefined, cwd: () => session.cwd },
      say,
      style,
    })
  }
}
