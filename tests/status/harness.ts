import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkerStatus } from '../../src/domain/worker-status.ts'
import { type Child, endChildren, startChild } from '../support/child.ts'

export interface Place {
  directory: string
  /** Where a session's status file lies. */
  file(session: string): string
  start(verb: string, ...words: string[]): Child
  dispose(): Promise<void>
}

export function openPlace(): Place {
  const directory = mkdtempSync(join(tmpdir(), 'q-status-'))
  return {
    directory,
    file: (session) => join(directory, `${session}.json`),
    start: (verb, ...words) => startChild(new URL('process.ts', import.meta.url), [verb, ...words]),
    async dispose() {
      await endChildren()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The n-th of a row of session ids. */
export function id(number: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`
}

/** A status with a value in every field. */
export function statusOf(session: string, facts: Partial<WorkerStatus> = {}): WorkerStatus {
  return {
    v: 1,
    session,
    name: 's3-debug',
    state: 'waiting',
    waitingFor: 'approval',
    since: 1_795_000_000_000,
    pid: 4242,
    startTime: '123456',
    window: '@7',
    detail: 'execute_bash: npm test',
    turn: 3,
    ...facts,
  }
}
