import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { reaches } from '../repeat/timed.ts'

export interface TmuxProgram {
  /** Absolute. */
  path: string
  /** `3.7c`, `next-3.8`. */
  version: string
}

/** A tmux program, or the one in a directory. @throws Error when none is there that says its version */
export function tmuxAt(path: string): TmuxProgram {
  const given = resolve(path)
  const isDirectory = statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false
  const program = isDirectory ? join(given, 'tmux') : given
  try {
    const said = execFileSync(program, ['-V'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    const version = /^tmux (\S+)$/m.exec(said)?.[1]
    if (version !== undefined) return { path: program, version }
  } catch {}
  throw new Error(`${program} is no tmux`)
}

/** Whether a test file starts tmux: it uses the machine of its own that `tests/support/lab.ts` gives a test. */
export function startsTmux(root: string, file: string): boolean {
  const lab = join(root, 'tests/support/lab.ts')
  return reaches(root, file, (path) => path === lab)
}
