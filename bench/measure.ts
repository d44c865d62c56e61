/** One measured figure, beside its floor where there is one. */
export interface Line {
  what: string
  unit: 'ms' | 'MB' | '%' | '/s'
  /** The least that it can cost, measured in the same run. */
  floor?: number
  ours: number
  /** The most that is allowed: a ratio to the floor, or a value in the line's unit. Without one the line is for information. */
  budget?: { ratio: number } | { value: number }
  note?: string
}

/** One file of `rows/`: something that is measured on machines of its own, which it takes away again. */
export interface Row {
  about: string
  /** It takes minutes, or the network: run only when it is named. */
  onlyNamed?: true
  run(): Promise<Line[]>
}

export interface Samples {
  floor: number[]
  ours: number[]
}

export interface Pair {
  floor(turn: number): Promise<number>
  ours(turn: number): Promise<number>
}

/**
 * Measures floor and ours in turns, A B A B …, so that whatever else the machine does meets both alike. The first
 * `warmUp` turns are not counted.
 */
export async function interleave(turns: number, pair: Pair, { warmUp = 2 } = {}): Promise<Samples> {
  const samples: Samples = { floor: [], ours: [] }
  for (let turn = 0; turn < turns + warmUp; turn += 1) {
    const floor = await pair.floor(turn)
    const ours = await pair.ours(turn)
    if (turn < warmUp) continue
    samples.floor.push(floor)
    samples.ours.push(ours)
  }
  return samples
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The smallest value that at least `share` % of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)]
  if (found === undefined) throw new Error('Expected at least one value')
  return found
}

export function ratioOf({ floor, ours }: Line): number | undefined {
  return floor === undefined || floor === 0 ? undefined : ours / floor
}

/** Undefined for a line without a budget. */
export function isOver(line: Line): boolean | undefined {
  if (!line.budget) return undefined
  if ('value' in line.budget) return line.ours > line.budget.value
  const ratio = ratioOf(line)
  return ratio !== undefined && ratio > line.budget.ratio
}

/** ms from the beginning of `act` until `seen` says that it was seen, at a time of `performance.now()`. */
export async function timeUntil(seen: Promise<number>, act: () => unknown): Promise<number> {
  const begin = performance.now()
  const [at] = await Promise.all([seen, act()])
  return at - begin
}
