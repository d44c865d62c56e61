import { createContext, Script } from 'node:vm'
import { Refusal } from '../refusal.ts'

export interface MatchedLine {
  /** From 1. */
  number: number
  line: string
}

/** How long one file may take, in ms: a regular expression of a model's can be one that never ends. */
const timeoutMs = 50

/** Finds the lines of a text that match. @throws Refusal for no regular expression, and later for one that takes too long */
export function lineMatcher(
  pattern: string,
  ignoreCase: boolean,
): (text: string, path: string) => MatchedLine[] {
  const expression = compile(pattern, ignoreCase ? 'i' : '')
  // Only code in a vm can be interrupted; nothing of the pattern is evaluated as code.
  const sandbox = createContext({ expression, lines: [] as string[], found: [] as number[] })
  const script = new Script(
    'for (let i = 0; i < lines.length; i++) if (expression.test(lines[i])) found.push(i)',
  )
  return (text, path) => {
    const lines = text.split(/\r?\n/)
    if (lines.at(-1) === '') lines.pop()
    const found: number[] = []
    Object.assign(sandbox, { lines, found })
    try {
      script.runInContext(sandbox, { timeout: timeoutMs })
    } catch (error) {
      if (!isTimeout(error)) throw error
      throw new Refusal(`The expression takes too long on ${path}: make it simpler`)
    }
    return found.slice(0, 1000).map((index) => ({ number: index + 1, line: lines[index] ?? '' }))
  }
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`)
  } catch {
    // Many expressions escape more than `u` allows.
  }
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : 'Not a regular expression')
  }
}

/** The error belongs to the vm: it is no `Error` of ours. */
function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
