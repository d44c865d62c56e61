import { exitCode, UserError } from '../../base/errors.ts'
import type { SettingKey } from '../settings.ts'

/** Something in the file or the environment that cannot be taken as it is. */
export interface Problem {
  /** In the file, from 1; undefined for a variable of the environment, which `words` then names. */
  line: number | undefined
  words: string
  hint?: string | undefined
  /** The settings it is about, if they are known ones. */
  keys: readonly SettingKey[]
}

/** One error for all problems, those of the file first, by line: the hint is the first one's, the others carry theirs. */
export function problemsError(file: string, problems: readonly Problem[]): UserError {
  const [first, ...others] = [...problems].sort(byLine)
  const lines = others.map((problem) => describe(file, problem) + (problem.hint ? ` (${problem.hint})` : ''))
  const message = [...(first ? [describe(file, first)] : []), ...lines].join('\n')
  return new UserError(message, { exit: exitCode.usage, ...(first?.hint && { hint: first.hint }) })
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER)
}

function describe(file: string, problem: Problem): string {
  return problem.line === undefined ? problem.words : `${file}:${problem.line}: ${problem.words}`
}
