import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fields, processId, text } from '../../base/checked-json.ts'
import { UserError } from '../../base/errors.ts'
import { signalGroup } from '../../base/process-group.ts'
import { readOwn } from '../../config/paths/own-file.ts'
import type { ProcessId } from '../../domain/session.ts'
import type { ProcessTable } from '../../status/process-identity.ts'

/** Where a run of an agent's program has its files: private, and made anew for each run. */
export interface RunDirectory {
  /**
   * Makes it. A program of a run before that outlived its worker is ended first: two on one conversation would spoil it.
   * @throws UserError when it does not end
   */
  make(): Promise<string>
  /** The program runs now, as this process, which leads a group. */
  record(pid: number): void
  remove(): void
}

/** How long a program of a run before gets to end, in ms. */
const untilEnded = 5000

export function runDirectory(
  path: string,
  processes: Pick<ProcessTable, 'livenessOf' | 'processOf'>,
): RunDirectory {
  const file = join(path, 'process.json')
  return {
    async make() {
      const before = readOwn(file, fields<ProcessId>({ pid: processId, startTime: text }), 'nothing is lost')
      if (before) await end(before)
      rmSync(path, { recursive: true, force: true })
      mkdirSync(path, { recursive: true, mode: 0o700 })
      return path
    },
    record: (pid) => writeFileSync(file, JSON.stringify(processes.processOf(pid)), { mode: 0o600 }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }

  async function end(before: ProcessId): Promise<void> {
    const lives = (): boolean => processes.livenessOf(before) !== 'gone'
    for (let waited = 0; lives() && waited < untilEnded; waited += 100) {
      if (waited === 0) for (const signal of ['SIGHUP', 'SIGCONT'] as const) signalGroup(before.pid, signal)
      await sleep(100)
    }
    if (!lives()) return
    throw new UserError(`its program still runs, as process ${before.pid}, and does not end`, {
      hint: `end it: kill -9 ${before.pid}`,
    })
  }
}
