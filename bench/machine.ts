import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** What the figures were made on; they are to be read as ratios. */
export function describeMachine(): string {
  const tmux = execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim()
  return `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${tmux}, node ${process.versions.node}`
}

/** ms of processor time that a process has used, all its threads together (proc(5): schedstat, in ns). */
export function cpuOf(pid: number): number {
  const directory = `/proc/${pid}/task`
  const times = readdirSync(directory).map((task) =>
    Number(readFileSync(`${directory}/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  return times.reduce((sum, time) => sum + time, 0) / 1e6
}

/** utime + stime of a process in clock ticks of 10 ms (proc(5): fields 14 and 15 of stat). */
export function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

export interface Memory {
  rss: number
  pss: number
}

/** MB. */
export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024
  return { rss: of('Rss'), pss: of('Pss') }
}

export function commandLine(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
}
