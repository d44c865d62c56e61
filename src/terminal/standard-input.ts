import { tell } from '../text/print.ts'

/** ms of silence after which somebody who does not know what is waited for should. */
const silence = 2000

/** What to wait with, and where to say it. */
export interface Waiting {
  /** Calls back after so many ms; returns how to call that off. */
  after(ms: number, done: () => void): () => void
  say(line: string): void
}

/**
 * Standard input to its end. Where it is open and nothing comes for 2 s, a line on standard error says what is waited for
 * and how to end it, once.
 */
export async function readStandardInput(
  input: AsyncIterable<Buffer | string>,
  waiting = onThisClock,
): Promise<string> {
  const callOff = sayWhenSilent(waiting)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of input) {
      callOff()
      chunks.push(Buffer.from(chunk))
    }
    return Buffer.concat(chunks).toString()
  } finally {
    callOff()
  }
}

/** The same line, for whoever reads the input otherwise. Returns how to call it off. */
export function sayWhenSilent({ after, say }: Waiting = onThisClock): () => void {
  return after(silence, () => say(words))
}

const words = 'q: waiting for standard input, which is open and silent; end it with Ctrl-D, or add </dev/null'

const onThisClock: Waiting = {
  after(ms, done) {
    const timer = setTimeout(done, ms)
    return () => clearTimeout(timer)
  },
  say: tell,
}
