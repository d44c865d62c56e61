import { span } from '../../text/plain-text.ts'

export interface Spinner {
  stop(): void
}

const everyMs = 125

/** What is awaited; as a function, it says more by itself, such as how long it still takes. */
export type WaitLabel = string | (() => string)

/** Shows that something is awaited, and for how long already. One timer, as long as it runs. */
export function startSpinner(label: WaitLabel, unicode: boolean, show: (text: string) => void): Spinner {
  const frames = unicode ? '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏' : '|/-\\'
  const start = performance.now()
  let turns = 0
  const timer = setInterval(next, everyMs)
  next()
  return { stop: () => clearInterval(timer) }

  function next(): void {
    const elapsed = performance.now() - start
    const passed = elapsed < 1000 ? '' : ` ${span(elapsed)}`
    const words = typeof label === 'string' ? label + passed : label()
    show(`${frames.charAt(turns++ % frames.length)} ${words}`)
  }
}
