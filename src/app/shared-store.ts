import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../base/errors.ts'
import { packageFiles } from '../base/package-files.ts'
import { openStore, type Store } from '../store/store.ts'
import type { Invocation } from './invocation.ts'

/** How long a command waits for another program's lock on the store, in ms; a worker waits as long as it takes. */
const commandTimeoutMs = 20_000

/** Opens the store that all workspaces share. `say` tells why it takes so long, once a second. */
export function openSharedStore(
  invocation: Invocation,
  say: (line: string) => void,
  timeoutMs = commandTimeoutMs,
): Promise<Store> {
  return openStore({
    file: invocation.paths.database,
    migrations: packageFiles.migrations,
    now: invocation.now,
    waiting: {
      sleep,
      onWait(waited) {
        if (waited > timeoutMs)
          throw new UserError(`${invocation.paths.database} is locked by another program`, {
            hint: 'find it: fuser, or lsof, on that file',
          })
        say(`waiting for another program that holds ${invocation.paths.database} …`)
      },
    },
  })
}
