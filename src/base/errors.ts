/** Exit codes of `q`, as scripts see them. */
export const exitCode = { done: 0, failed: 1, usage: 2, timeUp: 3, interrupted: 130 } as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/**
 * An error made for the person at the keyboard: `message` says what happened and to which session, `hint` what to do
 * next. Anything else that is thrown is a bug and is reported as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly hint: string | undefined
  readonly exit: ExitCode

  constructor(message: string, options: { hint?: string; exit?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.hint = options.hint
    this.exit = options.exit ?? exitCode.failed
  }
}

/** The words of an unknown throwable, causes included, innermost last. */
export function describeError(error: unknown): string {
  const words: string[] = []
  for (let at = error; at !== undefined && at !== null && words.length < 5; ) {
    words.push(at instanceof Error ? at.message : String(at))
    at = at instanceof Error ? at.cause : undefined
  }
  return [...new Set(words)].join(': ')
}

/** Node's `code` of a system error (`ENOENT`, `EACCES`, …), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
