import { readdirSync, readFileSync } from 'node:fs'

interface Facts {
  parent: number
  /** The program's short name. */
  name: string
  state: string
  /** Memory in pages. */
  resident: number
}

/** Of a living process (proc(5): stat); undefined when it is gone. */
function factsOf(pid: number): Facts | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const at = text.lastIndexOf(')')
    const fields = text.slice(at + 2).split(' ')
    return {
      name: text.slice(text.indexOf('(') + 1, at),
      state: fields[0] ?? '',
      parent: Number(fields[1]),
      resident: Number(fields[21]),
    }
  } catch {
    // It has ended.
    return undefined
  }
}

/** It runs: it is no zombie. */
export function isAlive(pid: number): boolean {
  const facts = factsOf(pid)
  return facts !== undefined && facts.state !== 'Z'
}

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => factsOf(pid)?.parent === parent && isAlive(pid))
}

/** A process and all that it started. */
export function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)]
}

/** The one that has the most memory. */
export function largestOf(pids: readonly number[]): number {
  const memory = (pid: number): number => factsOf(pid)?.resident ?? 0
  return pids.reduce((best, pid) => (memory(pid) > memory(best) ? pid : best))
}

/** Whether it is one of the small programs that hooks are made of. */
export function isHook(pid: number): boolean {
  return ['sh', 'bash', 'dash', 'cat', 'head', 'mv', 'nc', 'socat'].includes(factsOf(pid)?.name ?? '')
}

export function wordsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 160)
  } catch {
    return ''
  }
}
