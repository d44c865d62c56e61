import { readFileSync } from 'node:fs'
import type { WorkerStatus } from '../../src/domain/worker-status.ts'
import { writeStatus } from '../../src/status/status-files.ts'
import type { Lab } from '../support/lab.ts'
import { waiting } from './states.ts'

/** A program of somebody else's that reports to the corner: a living process and its status file. */
export interface Program {
  pid: number
  says(facts: Partial<WorkerStatus>): void
  /** Ends it without a word. */
  kill(): void
}

/** Session `n`, called `s<n>`, waiting for an answer since `n` ms after the epoch. */
export function startProgram(lab: Lab, n: number, facts: Partial<WorkerStatus> = {}): Program {
  const child = lab.start('sleep', ['1000'])
  const pid = child.pid ?? 0
  const says = (more: Partial<WorkerStatus>): void =>
    writeStatus(lab.statusDir, waiting(n, { pid, startTime: startTimeOf(pid), ...facts, ...more }))
  says({})
  return { pid, says, kill: () => void child.kill('SIGKILL') }
}

/** Field 22 of proc(5), as docs/status-file.md asks for it. */
export function startTimeOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** The state letter of proc(5); undefined for a process that is not there. */
export function processState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat[stat.lastIndexOf(')') + 2]
  } catch {
    return undefined
  }
}

/** What the controllers of the workspace have logged. */
export function logOf(lab: Lab): string {
  return readFileSync(`${lab.home}/.local/state/q-mux/q.log`, 'utf8')
}

/** The recorded controller's process. */
export function controllerOf(lab: Lab): { pid: number; startTime: string } {
  return JSON.parse(readFileSync(`${lab.runtimeDir}/controller.json`, 'utf8'))
}

/** Those of some processes that are controllers, by their own command lines. */
export function controllersIn(pids: readonly number[]): number[] {
  return pids.filter((pid) => commandLine(pid).includes('\0mux\0controller\0'))
}

export function workersIn(pids: readonly number[]): number[] {
  return pids.filter((pid) => /^[^\0]*node\0.*\0worker\0/s.test(commandLine(pid)))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** How many workers' lines a controller holds: the kernel lists a listening socket once, and again for each connection. */
export function workersHeld(lab: Lab): number {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n')
  const paths = lines.map((line) => line.split(' ').at(-1)).filter((path) => path?.startsWith(lab.runtimeDir))
  return paths.length - new Set(paths).size
}
