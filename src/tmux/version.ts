import { UserError } from '../domain/errors.ts'
import type { Tmux } from './door.ts'

/** The first tmux with all that is used here: quiet control clients, run-shell -C, numeric comparison in formats. */
export const oldestTmux = '3.2'

/** @throws UserError when tmux is missing or too old */
export async function requireTmuxVersion(tmux: Tmux): Promise<string> {
  const version = await readTmuxVersion(tmux)
  if (isRecent(version)) return version
  throw new UserError(`tmux ${version} is too old: q mux needs ${oldestTmux} or newer`, {
    hint: 'update tmux, or use one session without it: q chat',
  })
}

/** `3.3a`, `next-3.7`. @throws UserError when tmux is not installed */
export async function readTmuxVersion(tmux: Tmux): Promise<string> {
  return (await tmux.run(['-V'])).replace(/^tmux\s+/, '')
}

/** A version without a number (`master`) is a recent build. */
export function isRecent(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return true
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 2)
}
