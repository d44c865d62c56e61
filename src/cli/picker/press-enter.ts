import { createInterface } from 'node:readline'

/** Waits for Enter (true), or for Ctrl-C, Ctrl-D, the signal or the terminal's end (false). */
export function pressEnter(question: string, signal?: AbortSignal): Promise<boolean> {
  const line = createInterface({ input: process.stdin, output: process.stdout })
  return new Promise((resolve) => {
    const end = (answer: boolean): void => {
      resolve(answer)
      line.close()
    }
    line.on('line', () => end(true))
    line.on('SIGINT', () => end(false))
    line.on('close', () => end(false))
    process.once('SIGHUP', () => end(false))
    signal?.addEventListener('abort', () => end(false), { once: true })
    line.setPrompt(question)
    line.prompt()
  })
}
