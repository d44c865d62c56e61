export interface ReviverDeps {
  /** Whether this worker should be held by a controller and is not. */
  missing(): boolean
  /** Starts a controller, which may find one there, or die at its start; false: it would not find this worker yet. */
  start(): Promise<boolean>
  /** Resolves after `ms`, or at once when the signal is given. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** At least 0, below 1: whoever waits shortest starts a controller, the others find it there. */
  random(): number
}

/** The first pause, and the one after which nobody starts a controller any more by themselves, in ms. */
const shortest = 500
const maxPause = 60_000
/** How long a runtime directory that cannot be made is waited for before the next try, in ms. */
const untilReturn = 1000

/**
 * Called when the controller is missed. One that had held this worker's link before it ended is replaced at once each time;
 * only one that dies at its start is tried again with longer and longer pauses, until the next one that holds the line is
 * missed. Throws what `start` throws.
 */
export function createReviver({ missing, start, sleep, random }: ReviverDeps): () => Promise<void> {
  let pause = shortest
  let waking: AbortController | undefined

  return async () => {
    pause = shortest
    if (waking) return waking.abort()
    waking = new AbortController()
    try {
      while (pause < maxPause && missing()) {
        await rest(random() * pause)
        if (!missing()) break
        // A directory that cannot be made comes back with the user's next login: until then nothing is started in vain.
        if (!(await start())) {
          await rest(untilReturn)
          continue
        }
        pause *= 2
        await rest(pause)
      }
    } finally {
      waking = undefined
    }
  }

  /** Ends early when the controller is missed anew, and at once when it was while one was being started. */
  async function rest(ms: number): Promise<void> {
    if (waking) await sleep(ms, waking.signal)
    if (waking?.signal.aborted) waking = new AbortController()
  }
}
