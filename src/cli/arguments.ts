import { typeWords } from '../domain/session-type.ts'

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
