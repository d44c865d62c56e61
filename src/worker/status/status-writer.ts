import { describeError, errorCode } from '../../base/errors.ts'
import type { WorkerStatus } from '../../domain/worker-status.ts'
import { writeStatus } from '../../status/status-files.ts'

/** ms after which a status that could not be written is tried again. */
const pause = 1000

/**
 * Writes a session's status file. What the system refuses, as where the runtime directory's disk is full, does not end the
 * session: it is said once, and the last status is tried again until it is there.
 */
export function statusWriter(directory: string, complain: (words: string) => void) {
  let last: WorkerStatus | undefined
  let again: NodeJS.Timeout | undefined

  return function write(status: WorkerStatus): void {
    const failed = again !== undefined
    clearTimeout(again)
    again = undefined
    last = status
    try {
      writeStatus(directory, last)
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      again = setTimeout(() => last && write(last), pause).unref()
      if (!failed)
        complain(
          `the workspace does not see what this session does until it can write there: ${describeError(error)}`,
        )
    }
  }
}
