import { UserError } from '../base/errors.ts'
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

/** Whether a version is `least` (`3.4`) or newer. One without a number (`master`) is a recent build. */
export function isRecent(version: string, least = oldestTmux): boolean {
  const [, major, minor] = /(?<!\d)(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return true
  const [wantedMajor = 0, wantedMinor = 0] = least.split('.').map(Number)
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor)
}
