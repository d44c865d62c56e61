import { createInterface } from 'node:readline/promises'

/** Asks on stderr, so that stdout stays a result; the end of input counts as an empty answer. */
export async function question(text: string): Promise<string> {
  const line = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const ended = new Promise<string>((resolve) => line.once('close', () => resolve('')))
    return await Promise.race([line.question(text), ended])
  } finally {
    line.close()
  }
}
