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
      let rest = chunk
      for (let at = rest.indexOf(10); at !== -1 && !done; at = rest.indexOf(10)) {
        parts.push(rest.subarray(0, at))
        rest = rest.subarray(at + 1)
        finishLine()
      }
      if (done || rest.length === 0) return
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
