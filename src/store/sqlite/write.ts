import { type Db, isBusy } from './sqlite.ts'
import { storeError } from './sqlite-errors.ts'

/** What a writer needs beside the database; handed in so that tests and workers decide how waiting looks. */
export interface Waiting {
  sleep(ms: number): Promise<void>
  /** Called once a second while another program holds the lock; throw to give up. */
  onWait(waitedMs: number): void
}

/**
 * Runs `work` in one `BEGIN IMMEDIATE` transaction and tries again, with jitter, as long as somebody else holds the
 * lock. `work` may run several times but takes effect once.
 * @throws UserError when the disk is full, the file is damaged, or the like
 */
export async function write<T>(db: Db, waiting: Waiting, work: () => T): Promise<T> {
  return retryBusy(db.name, waiting, () => db.transaction(work).immediate())
}

/** Repeats `attempt` while it fails with SQLITE_BUSY. */
export async function retryBusy<T>(file: string, waiting: Waiting, attempt: () => T): Promise<T> {
  let waited = 0
  for (let reported = 0; ; ) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw storeError(error, file)
    }
    const pause = 10 + Math.random() * 40
    waited += pause + 40
    if (Math.floor(waited / 1000) > reported) {
      reported = Math.floor(waited / 1000)
      waiting.onWait(waited)
    }
    await waiting.sleep(pause)
  }
}
