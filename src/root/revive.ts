import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../domain/errors.ts'
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

/** The first pause, and the one after which nobody starts a controller any more by themselves, in ms. */
const shortest = 500
const longest = 60_000
/** How long a runtime directory that cannot be made is waited for before the next try, in ms. */
const untilReturn = 1000

/**
 * Called when the controller is missed: whoever waits shortest starts a new one, the others find it there. One that had
 * held this worker's line before it ended is replaced at once each time; only one that dies at its start is tried again
 * with longer and longer pauses. Throws what the file system throws.
 */
export function createReviver({ place, reporter, line, ended }: ReviverParts): () => Promise<void> {
  const missing = (): boolean => !ended() && !line()?.held()
  let pause = shortest
  let waking: AbortController | undefined

  return async () => {
    pause = shortest
    if (waking) return waking.abort()
    try {
      while (pause < longest && missing()) {
        await rest(Math.random() * pause)
        if (!missing()) break
        // The runtime directory may have gone with the controller: the next one finds us by what lies there.
        if (!(await isReachable())) {
          await rest(untilReturn)
          continue
        }
        reporter.repeat()
        startController(place)
        pause *= 2
        await rest(pause)
      }
    } finally {
      waking = undefined
    }
  }

  /** A directory that cannot be made comes back with the user's next login: until then nothing is started in vain. */
  async function isReachable(): Promise<boolean> {
    try {
      await line()?.renew()
      return true
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      return false
    }
  }

  /** Ends early when the controller is missed anew. */
  async function rest(ms: number): Promise<void> {
    waking = new AbortController()
    await sleep(ms, undefined, { ref: false, signal: waking.signal }).catch((error: unknown) => {
      if (!waking?.signal.aborted) throw error
    })
  }
}
