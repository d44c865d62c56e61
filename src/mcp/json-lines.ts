/** Bytes of one message, and of what is no message and comes in a row, after which a server is given up. */
const caps = { line: 33_554_432, garbage: 1_048_576 }

export interface LineReader {
  add(chunk: Buffer): void
}

/**
 * Cuts a server's output into lines and hands on those that `take` understands: it throws for the others, which are
 * left out. `full` is called once, with words, when a line or all that was left out is too long.
 */
export function lineReader(take: (line: string) => void, full: (why: string) => void): LineReader {
  let parts: Buffer[] = []
  let length = 0
  let garbage = 0
  let done = false

  return {
    add(chunk) {
      let begin = 0
      for (let at = chunk.indexOf(10); at !== -1 && !done; at = chunk.indexOf(10, begin)) {
        if (at > begin) parts.push(chunk.subarray(begin, at))
        begin = at + 1
        if (parts.length > 0) finishLine()
      }
      if (done || begin === chunk.length) return
      const rest = chunk.subarray(begin)
      parts.push(rest)
      length += rest.length
      if (length > caps.line) give(`it sent a message of more than ${caps.line} bytes`)
    },
  }

  function finishLine(): void {
    const line = Buffer.concat(parts).toString('utf8').trim()
    parts = []
    length = 0
    if (line === '') return
    try {
      take(line)
      garbage = 0
    } catch {
      // Some programs greet on standard output: that alone is no reason to give them up.
      garbage += line.length
      if (garbage > caps.garbage) give('what it writes on standard output is not MCP')
    }
  }

  function give(why: string): void {
    done = true
    parts = []
    full(why)
  }
}
