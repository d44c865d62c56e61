import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProcess } from './lab.ts'
import { until } from './until.ts'

/** All temporary files of this run lie here; its processes have it in their environment, words or directory. */
let home = ''

/** Tests end what they started. A run that leaves a process or a file behind ends it by its id, names it and fails. */
export function setup(): void {
  // Short: the paths of Unix sockets below it are limited.
  home = mkdtempSync(join(tmpdir(), 't-'))
  process.env.TMPDIR = home
}

export async function teardown(): Promise<void> {
  await until(() => processesAt(home).length === 0, { patience: 10_000 }).catch(() => {})
  const processes = processesAt(home)
  for (const { pid } of processes) endProcess(pid)
  const files = readdirSync(home)
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  const left = [
    ...processes.map(({ pid, words }) => `process ${pid}: ${words}`),
    ...files.map((file) => `file ${file}`),
  ]
  if (left.length > 0) throw new Error(`The tests left behind:\n  ${left.join('\n  ')}`)
}

/** Living processes of a run, but for vitest's own workers. Linux only: elsewhere none is found. */
function processesAt(directory: string): { pid: number; words: string }[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'utf8')
        const words = read('cmdline').replaceAll('\0', ' ').trim()
        const [, parent] = /^PPid:\s*(\d+)/m.exec(read('status')) ?? []
        const traces = [words, read('environ'), readlinkSync(`/proc/${name}/cwd`)]
        const isOurs = traces.some((trace) => trace.includes(directory)) && Number(parent) !== process.pid
        return isOurs && words !== '' ? [{ pid: Number(name), words: words.slice(0, 200) }] : []
      } catch {
        // It has ended, or it is somebody else's.
        return []
      }
    })
}
