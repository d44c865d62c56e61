import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
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
  // As /tmp itself: a test may become another user.
  chmodSync(home, 0o1777)
  process.env.TMPDIR = home
  process.on('exit', sweep)
  for (const [signal, code] of interruptions) process.once(signal, () => process.exit(128 + code))
}

const interruptions = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

/** Vitest tears nothing down when it is interrupted: its own workers end with all the others. */
function sweep(): void {
  for (const { pid } of processesWith(home)) endProcess(pid)
  removeHome()
}

function removeHome(): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

export async function teardown(): Promise<void> {
  // Those whose parent is this process are vitest's own workers.
  const others = () => processesWith(home).filter(({ parent }) => parent !== process.pid)
  await until(() => others().length === 0, { patience: 10_000 }).catch(() => {})
  const processes = others()
  for (const { pid } of processes) endProcess(pid)
  // npm's own, of the tests that pack and install.
  const files = readdirSync(home).filter((name) => name !== 'node-compile-cache')
  removeHome()
  process.off('exit', sweep)
  const left = [
    ...processes.map(({ pid, words }) => `process ${pid}: ${words}`),
    ...files.map((file) => `file ${file}`),
  ]
  if (left.length > 0) throw new Error(`The tests left behind:\n  ${left.join('\n  ')}`)
}

/** Living processes that have some text in their words, environment or directory. Linux only: elsewhere none is found. */
export function processesWith(text: string): { pid: number; parent: number; words: string }[] {
  // What is in every process's words would end the machine.
  if (text.length < 4)
    throw new Error(`Expected a text that only some processes have, got ${JSON.stringify(text)}`)
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'utf8')
        const words = read('cmdline').replaceAll('\0', ' ').trim()
        const [, parent] = /^PPid:\s*(\d+)/m.exec(read('status')) ?? []
        const traces = [words, read('environ'), readlinkSync(`/proc/${name}/cwd`)]
        const isOurs = traces.some((trace) => trace.includes(text))
        return isOurs && words !== ''
          ? [{ pid: Number(name), parent: Number(parent), words: words.slice(0, 200) }]
          : []
      } catch {
        // It has ended, or it is somebody else's.
        return []
      }
    })
}
