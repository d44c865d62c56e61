import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../../base/errors.ts'
import { openWorkerLink, type WorkerLink } from '../../status/worker-link.ts'
import { createReviver } from './revive.ts'

export interface SessionLinkDeps {
  /** Where the link lies (`workerLinkPath`). */
  path: string
  /** Says again what the status file says: it may have gone with its directory. */
  repeat(): void
  startController(): void
  /** Work that nobody waits for. */
  beside(work: Promise<unknown>): void
}

/** By which the controller holds a session and wakes it; the session starts a controller when none holds it. */
export interface SessionLink {
  open(listener: { woken(): void; mayEnd(): void }): Promise<void>
  /** Nobody can reach the session from now on, until it is opened again. */
  shut(): void
  /** Starts a controller, if this session should be held by one and is not. */
  revive(): Promise<void>
  close(): void
}

export function sessionLink({ path, repeat, startController, beside }: SessionLinkDeps): SessionLink {
  let link: WorkerLink | undefined
  let closed = false
  const revive = createReviver({
    missing: () => !closed && !link?.held(),
    async start() {
      // The runtime directory may have gone with the controller: the next one finds us by what lies there.
      const isThere = await renewed(link)
      if (!isThere) return false
      repeat()
      startController()
      return true
    },
    sleep: (ms, signal) =>
      sleep(ms, undefined, { ref: false, signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      }),
    random: Math.random,
  })
  return {
    async open({ woken, mayEnd }) {
      closed = false
      link = await openWorkerLink(path, {
        woken() {
          if (link) beside(link.renew())
          woken()
        },
        mayEnd,
        dropped: () => beside(revive()),
      })
    },
    shut,
    revive,
    close: shut,
  }

  function shut(): void {
    closed = true
    link?.close()
  }
}

/** Whether a worker's link is where it belongs; its directory may be one that cannot be made for now. */
async function renewed(link: WorkerLink | undefined): Promise<boolean> {
  try {
    await link?.renew()
    return true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
