import { describeError } from '../../base/errors.ts'
import { type HistoryFile, type LineHistory, openHistory } from './line-history.ts'

/** A history that never stands in the way: where it cannot be read or kept, that is said once, and typing goes on. */
export function keptLines(file: HistoryFile | undefined, say: (text: string) => void): LineHistory {
  const history = openHistory(file)
  let failed = false
  return {
    entries: () => tried(() => history.entries(), []),
    add: (text) => tried(() => history.add(text), undefined),
  }

  function tried<T>(action: () => T, otherwise: T): T {
    try {
      return action()
    } catch (error) {
      if (!failed) say(`(no history: ${describeError(error)})\n`)
      failed = true
      return otherwise
    }
  }
}
