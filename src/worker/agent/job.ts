import { spawn } from 'node:child_process'
import { signalGroup } from '../../base/process-group.ts'

/** A program that has the terminal to itself, as if it had been started by hand. */
export interface Job {
  /** Its process, which leads a group of its own; undefined where it did not start. */
  pid: Promise<number | undefined>
  /** As a shell says it: beyond 128 it was ended by a signal. */
  ended: Promise<number>
  /** To all of its processes. */
  signal(signal: NodeJS.Signals): void
}

/**
 * Runs a program as the terminal's foreground job: keys and signals of the terminal are its own, and Ctrl-Z gives way to
 * one line of ours. A shell with job control does it: that is what no program without a terminal of its own can.
 */
export function startJob(argv: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Job {
  const child = spawn('/bin/sh', ['-c', script, 'q-mux', ...argv], {
    ...options,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  })
  let group: number | undefined
  const pid = Promise.withResolvers<number | undefined>()
  const ended = Promise.withResolvers<number>()
  child.stdio[3]?.on('data', (data: Buffer) => {
    group ??= Number(data.toString().trim()) || undefined
    pid.resolve(group)
  })
  child.on('error', ended.reject)
  child.on('exit', (code, signal) => {
    pid.resolve(undefined)
    ended.resolve(code ?? (signal === 'SIGHUP' ? 129 : 143))
  })
  return {
    pid: pid.promise,
    ended: ended.promise,
    signal: (signal) => void signalGroup(group, signal),
  }
}

/** What a program that was killed leaves of the terminal: colours, a hidden cursor, its mouse, its keys, a screen of its own. */
const asBefore = ['0m', '?25h', '?1000l', '?1002l', '?1003l', '?1004l', '?1006l', '?2004l', '?1049l']
  .map((mode) => `\\033[${mode}`)
  .join('')

/** The inner shell becomes the program: its process is known before that. `$?` above 144: it was stopped, or ended so. */
const script = `set -m
before=$(stty -g 2>/dev/null)
trap : INT QUIT TSTP
sh -c 'echo $$ >&3; exec 3>&-; exec "$@"' "$0" "$@"
code=$?
while [ $code -gt 144 ] && kill -0 %1 2>/dev/null; do
  printf '\\r\\n%s\\r\\n' 'stopped; Enter goes on'
  read -r line
  fg %1 >/dev/null
  code=$?
done
if [ $code -gt 128 ] && [ -n "$before" ]; then
  stty "$before"
  printf '${asBefore}\\r'
fi
exit $code`
