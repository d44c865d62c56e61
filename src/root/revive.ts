import { setTimeout as sleep } from 'node:timers/promises'
import type { Line } from '../status/line.ts'
import type { Reporter } from '../worker/reporter.ts'
import type { Place } from './place.ts'
import { startController } from './workspace.ts'

interface ReviverParts {
  place: Place
  reporter: Pick<Reporter, 'repeat'>
  /** By which the controller holds this worker; undefined before there is one. */
  line(): Line | undefined
  ended(): boolean
}

/**
 * The controller is gone: whoever waits shortest starts a new one, the others find it there. One that dies before it
 * holds a line would be missed by nobody, so it is looked at again, with longer and longer pauses.
 * Throws what the file system throws.
 */
export function createReviver({ place, reporter, line, ended }: ReviverParts): () => Promise<void> {
  let reviving = false
  const missing = (): boolean => !ended() && !line()?.held()

  return async () => {
    if (reviving) return
    reviving = true
    try {
      for (let pause = 800; pause < 60_000 && missing(); pause *= 2) {
        await sleep(Math.random() * pause, undefined, { ref: false })
        if (!missing()) break
        // The runtime directory may have gone with the controller: the next one finds us by what lies there.
        await line()?.renew()
        reporter.repeat()
        startController(place)
        await sleep(pause, undefined, { ref: false })
      }
    } finally {
      reviving = false
    }
  }
}
