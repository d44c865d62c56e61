/**
 * How many times longer `work` takes with `text` than with a harmless text, in CPU time of this process; 1 where both
 * are too short to tell. The quickest of a few runs counts, so that a busy machine does not matter.
 */
export async function costOf(
  work: (text: string) => unknown,
  text: string,
  harmless: string,
): Promise<number> {
  let ratio = Number.POSITIVE_INFINITY
  let base = Number.POSITIVE_INFINITY
  let spent = Number.POSITIVE_INFINITY
  for (let run = 0; run < 12; run += 1) {
    spent = Math.min(spent, await cpuOf(() => work(text)))
    if (spent < floor) return 1
    base = Math.min(base, Math.max(leastBase, await cpuOf(() => work(harmless))))
    ratio = Math.min(ratio, spent / base)
    if (ratio < bearable || (run > 1 && ratio > 4 * bearable)) return ratio
  }
  return ratio
}

/** What is linear, with the dearest characters that there are beside the cheapest ones. */
export const bearable = 25

/** Milliseconds: what is quicker is not looked at. Of 100,000 characters, a quadratic scan takes seconds. */
const floor = 20
const leastBase = 1

async function cpuOf(work: () => unknown): Promise<number> {
  const begin = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begin)
  return (user + system) / 1000
}
