export interface CountedLog {
  write(line: string): void
  /** What was counted and not written yet. */
  end(): void
}

/**
 * A log in which a line that repeats is written once and then counted: `… 100 times since 12:01: LINE`, at 10, 100, 1,000
 * and so on, and at the end. One that was not heard for an hour is written again.
 * @param put takes a whole line of the log, without its newline
 * @param now ms since the epoch
 */
export function countedLog(put: (line: string) => void, now: () => number): CountedLog {
  const heard = new Map<string, Heard>()

  return {
    write(line) {
      const known = heard.get(line)
      const at = now()
      if (known && at - known.last < hour && at >= known.last) {
        known.count += 1
        known.last = at
        if (known.count < known.written * 10) return
        put(counted(line, known))
        known.written = known.count
        return
      }
      if (known) settle(line, known)
      heard.delete(line)
      heard.set(line, { since: at, last: at, count: 1, written: 1 })
      put(line)
      forget()
    },
    end() {
      for (const [line, known] of heard) settle(line, known)
      heard.clear()
    },
  }

  function settle(line: string, known: Heard): void {
    if (known.count > known.written) put(counted(line, known))
  }

  /** The one that is there for longest goes. */
  function forget(): void {
    if (heard.size <= maxKnown) return
    for (const [line, known] of heard) {
      settle(line, known)
      heard.delete(line)
      return
    }
  }
}

interface Heard {
  since: number
  last: number
  count: number
  /** The count that stands in the log. */
  written: number
}

const hour = 3_600_000
const maxKnown = 100

function counted(line: string, { count, since }: Heard): string {
  const clock = new Date(since).toISOString().slice(11, 16)
  return `… ${count.toLocaleString('en-US')} times since ${clock}: ${line}`
}
