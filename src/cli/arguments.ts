import { exitCode, UserError } from '../base/errors.ts'
import { typeWords } from '../domain/session-type.ts'
import { oneLine } from '../text/plain-text.ts'

/** Flags of every command of a workspace. */
export const globalArgs = {
  workspace: { type: 'string', valueHint: 'NAME', description: 'Workspace; default q, or $Q_WORKSPACE' },
  socket: {
    type: 'string',
    valueHint: 'NAME',
    description: "tmux socket (tmux -L); default your own server's, or $Q_TMUX_SOCKET",
  },
} as const

export const typeArg = {
  type: {
    type: 'string',
    valueHint: typeWords.join('|'),
    completes: typeWords,
    description: 'Type of the session',
  },
} as const

export interface GlobalArgs {
  workspace?: string | undefined
  socket?: string | undefined
}

/** How many results somebody wants. @throws UserError */
export function parseLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UserError(`--limit takes a number from 1 to 999999, not "${oneLine(text, 20)}"`, {
    exit: exitCode.usage,
  })
}

/** A time in seconds, with fractions. @throws UserError */
export function parseSeconds(text: string): number {
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(text)) return Number(text)
  throw new UserError(`--timeout takes a number of seconds, not "${oneLine(text, 20)}"`, {
    exit: exitCode.usage,
  })
}
