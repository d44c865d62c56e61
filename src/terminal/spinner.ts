import { span } from '../domain/text.ts'

export interface Spinner {
  stop(): void
}

const everyMs = 125

/** Shows that something is awaited, and for how long already. One timer, as long as it runs. */
export function startSpinner(label: string, unicode: boolean, show: (text: string) => void): Spinner {
  const frames = unicode ? '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏' : '|/-\\'
  const start = performance.now()
  let turns = 0
  const timer = setInterval(next, everyMs)
  next()
  return { stop: () => clearInterval(timer) }

  function next(): void {
    const elapsed = performance.now() - start
    show(`${frames.charAt(turns++ % frames.length)} ${label}${elapsed < 1000 ? '' : ` ${span(elapsed)}`}`)
  }
}
