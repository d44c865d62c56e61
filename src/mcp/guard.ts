import { spawn } from 'node:child_process'

/** Reads until this process is gone, however it ended, and then ends the process group that it was given. */
const script = 'read -r _; kill -TERM "-$1"; sleep 1; kill -KILL "-$1"'

/**
 * Ends a process group when we are killed and cannot do it any more. Most servers end with their standard input; this is
 * for those that do not, or that left something behind. Returns what calls the guard off.
 */
export function guardGroup(group: number): () => void {
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(group)], {
    // Out of reach for the terminal's hang-up, and of what ends our own group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  })
  // Without a guard all is as it was: it is for the case that we are killed.
  guard.on('error', () => {})
  guard.stdin?.on('error', () => {})
  guard.unref()
  return () => void guard.kill('SIGKILL')
}
