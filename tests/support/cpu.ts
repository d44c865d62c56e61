/**
 * How many times the processor time of `harmless` a piece of work takes, the best of some tries: how busy the machine is
 * stands on both sides. Less than a millisecond counts as one.
 */
export function timesTheWork(work: () => unknown, harmless: () => unknown): number {
  return cpuOf(work) / cpuOf(harmless)
}

/** In ms, of this process; 1 at least. */
function cpuOf(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.max(1, Math.min(...times))
}
