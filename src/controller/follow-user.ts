import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '../config/settings.ts'
import { statusLineOf } from '../sessions/workspace/start-workspace.ts'
import type { Tmux } from '../tmux/door.ts'
import { setStatusLine } from '../tmux/status-line.ts'
import { installKeys, type KeyFiles, keyActions, retakeKeys } from '../tmux/tmux-keys.ts'
import type { TmuxView } from '../tmux/tmux-view.ts'
import { readUserStatus, type UserStatus } from '../tmux/user-status.ts'

interface FollowerDeps {
  settings(): Settings
  keyFiles(tmux: Tmux): KeyFiles
  log(line: string): void
}

export interface Follower {
  /** Sets what stands around the user's own, where that changed; `anew`: in any case, as after a change of our settings. */
  follow(tmux: Tmux, view: TmuxView, anew?: boolean): Promise<void>
  /** The user's status line as it was read last. */
  user(): Pick<UserStatus, 'lines'>
}

/**
 * Keeps the workspace's status line, tabs and keys true to the user's own, which a theme may set later, and a tmux
 * configuration that is loaded again takes away. tmux does not tell of either: they are read with the view.
 */
export function createFollower({ settings, keyFiles, log }: FollowerDeps): Follower {
  let user: UserStatus | undefined

  return {
    user: () => user ?? { lines: 1 },
    async follow(tmux, view, anew = false) {
      const before = user
      user = await readUserStatus(tmux)
      // The first time everything stands as `q mux` has just made it.
      if (anew || (before && !isDeepStrictEqual(before, user))) {
        const sessions = view.members.map(({ id }) => id)
        const windows = view.windows.filter(({ holds }) => holds !== '').map(({ id }) => id)
        await setStatusLine(tmux, { sessions, windows }, statusLineOf({ settings: settings() }), user)
      }
      await followKeys(tmux, anew)
    },
  }

  async function followKeys(tmux: Tmux, anew: boolean): Promise<void> {
    const { keys } = settings()
    const files = keyFiles(tmux)
    const left = anew ? await installKeys(tmux, keys, files) : await retakeKeys(tmux, keys, files)
    if (!left) return
    if (!anew)
      log(
        `keys were bound to something else and are bound again: ${keyActions.map((action) => keys[action]).join(', ')}`,
      )
    if (left.length > 0) log(`keys that are left to the user: ${left.join(', ')}`)
  }
}
