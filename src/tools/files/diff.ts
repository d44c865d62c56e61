/** One step from the old lines to the new ones. */
export interface Edit {
  kind: 'same' | 'add' | 'remove'
  line: string
}

/** Beyond this many differing lines the middle is shown as replaced whole: the shortest way would take too long. */
const maxEffort = 1000

/** The shortest way from one list of lines to the other (Myers), removals before additions. */
export function diffLines(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return [...before.slice(0, start).map(same), ...middle, ...before.slice(before.length - end).map(same)]
}

function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const reach = Math.min(before.length + after.length, maxEffort)
  // furthest[k + reach]: how far into `before` one gets on diagonal k; one copy is kept for each number of edits.
  const furthest = new Int32Array(2 * reach + 2)
  const history: Int32Array[] = []
  for (let edits = 0; edits <= reach; edits++) {
    history.push(furthest.slice(reach - edits, reach + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(furthest, reach + k - 1) < at(furthest, reach + k + 1))
      let x = down ? at(furthest, reach + k + 1) : at(furthest, reach + k - 1) + 1
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++
      furthest[reach + k] = x
      if (x >= before.length && x - k >= after.length) return walkBack(history, before, after)
    }
  }
  return [...before.map(removed), ...after.map(added)]
}

function walkBack(history: Int32Array[], before: readonly string[], after: readonly string[]): Edit[] {
  const edits: Edit[] = []
  let x = before.length
  let y = after.length
  for (let count = history.length - 1; count >= 0; count--) {
    const then = history[count] as Int32Array
    const value = (k: number) => at(then, k + count)
    const k = x - y
    const down = k === -count || (k !== count && value(k - 1) < value(k + 1))
    const fromK = down ? k + 1 : k - 1
    const fromX = count === 0 ? 0 : value(fromK)
    const fromY = count === 0 ? 0 : fromX - fromK
    while (x > fromX && y > fromY && x > 0 && y > 0 && before[x - 1] === after[y - 1]) {
      edits.push(same(before[x - 1] as string))
      x--
      y--
    }
    if (count === 0) break
    edits.push(down ? added(after[fromY] as string) : removed(before[fromX] as string))
    x = fromX
    y = fromY
  }
  return edits.reverse()
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0
}

const same = (line: string): Edit => ({ kind: 'same', line })
const added = (line: string): Edit => ({ kind: 'add', line })
const removed = (line: string): Edit => ({ kind: 'remove', line })
