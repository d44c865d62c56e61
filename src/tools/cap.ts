/** Keeps the beginning and the end of a stream of text and counts what it drops in between. */
export interface Cap {
  add(text: string): void
  /** What is kept, with a line where something is missing. */
  text(): string
  /** UTF-16 units dropped. */
  dropped(): number
}

/** `limit` in UTF-16 units; two thirds of it are kept from the end, where errors stand. Costs O(1) per unit. */
export function headAndTail(limit: number): Cap {
  const headLimit = Math.floor(limit / 3)
  const tailLimit = limit - headLimit
  let head = ''
  let tail: string[] = []
  let tailLength = 0
  let dropped = 0

  return {
    add(text) {
      const toHead = text.slice(0, headLimit - head.length)
      head += toHead
      const rest = text.slice(toHead.length)
      if (rest === '') return
      tail.push(rest)
      tailLength += rest.length
      if (tailLength > 2 * tailLimit) squeeze()
    },
    text() {
      squeeze()
      const end = tail.join('')
      if (dropped === 0) return head + end
      return `${head}\n[${dropped} characters left out]\n${end}`.toWellFormed()
    },
    dropped() {
      squeeze()
      return dropped
    },
  }

  function squeeze(): void {
    if (tailLength <= tailLimit) return
    const kept = tail.join('').slice(-tailLimit)
    dropped += tailLength - kept.length
    tail = [kept]
    tailLength = kept.length
  }
}

/** Whole lines from the beginning, at most `limit` units; `left` says how many lines did not fit. */
export function firstLines(lines: readonly string[], limit: number): { text: string; left: number } {
  let used = 0
  for (const [index, line] of lines.entries()) {
    used += line.length + 1
    if (used <= limit) continue
    if (index > 0) return { text: lines.slice(0, index).join('\n'), left: lines.length - index }
    return { text: line.slice(0, limit).toWellFormed(), left: lines.length - 1 }
  }
  return { text: lines.join('\n'), left: 0 }
}
